import * as tf from '@tensorflow/tfjs-core';
import { received } from './checks';

type Config = { className: string; config: tf.serialization.ConfigDict };
type Kind = 'initializer' | 'regularizer' | 'constraint' | 'activation';

/**
 * Turns what a caller may write for an initializer, regularizer, constraint or activation (its name, an
 * instance, or the `{ className, config }` of a saved model) into an instance, or null for none.
 *
 * TensorFlow.js does the same inside its own layers but does not export it.
 */
export function deserialize<T extends tf.serialization.Serializable>(
  kind: Kind,
  subject: string,
  argument: string,
  identifier: string | T | Config | null | undefined,
): T | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof tf.serialization.Serializable) return identifier;
  const { className, config } =
    typeof identifier === 'string' ? { className: classNameOf(kind, identifier), config: {} } : identifier;
  const registered = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (registered === undefined) {
    throw new Error(
      `${subject}: \`${argument}\` must be the name of a TensorFlow.js ${kind} or an instance of one, ` +
        `received ${received(identifier)}`,
    );
  }
  const [cls, fromConfig] = registered;
  return fromConfig(cls, config) as T;
}

/** The `{ className, config }` that `deserialize` reads back, or null. */
export function serialize(instance: tf.serialization.Serializable | null): Config | null {
  return instance && { className: instance.getClassName(), config: instance.getConfig() };
}

function classNameOf(kind: Kind, name: string): string {
  if (kind === 'activation') return name;
  return name === 'l1l2' ? 'L1L2' : name.charAt(0).toUpperCase() + name.slice(1);
}
