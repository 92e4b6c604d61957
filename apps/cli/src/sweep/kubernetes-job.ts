import type { FanOut } from './slurm-script';

export interface KubernetesOptions {
  /** The image, in which `xcp` is installed. */
  image: string;
  /** A persistent volume claim that all pods can write to, mounted at {@link MOUNT}. */
  claim: string;
}

/** Where the pods find the sweep and leave its runs. */
export const MOUNT = '/sweep';

/** An Indexed Job with one pod for each run, each of which reads its index from Kubernetes. JSON is YAML too. */
export function kubernetesJob({ name, runs, jobs, command }: FanOut, { image, claim }: KubernetesOptions) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: dnsName(name) },
    spec: {
      completionMode: 'Indexed',
      completions: runs,
      parallelism: jobs,
      // A pod that was evicted goes on where its run was saved.
      backoffLimitPerIndex: 3,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: 'xcp',
              image,
              command: [...command],
              workingDir: MOUNT,
              resources: { requests: { cpu: '4', memory: '8Gi' }, limits: { memory: '8Gi' } },
              volumeMounts: [{ name: 'sweep', mountPath: MOUNT }],
            },
          ],
          volumes: [{ name: 'sweep', persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
}

/** A name that Kubernetes takes: lower case, digits and dashes, 63 characters at most. */
const dnsName = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '') || 'xcp-sweep';
