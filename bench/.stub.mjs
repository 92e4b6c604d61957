import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { XcpBackend } from '@xcp/backend';
import { xception, xceptionVariants } from '@xcp/xception';
const [size,batch,variant]=[+process.argv[2],+process.argv[3],process.argv[4]??'keras'];
await tf.setBackend('xcp');const backend=tf.backend();
const model = xception({ ...xceptionVariants[variant], inputShape: [size, size, 3], classes: 10 });
const weights = model.trainableWeights.map((w) => w.read());
const velocities = weights.map((w) => tf.variable(tf.zerosLike(w), false));
const x = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
const labels = tf.oneHot(tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 10),'int32'),10);
function step() { tf.tidy(() => { const { grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true })), weights);
    tf.getKernel('XcpSgdUpdate', 'xcp').kernelFunc({ inputs: [...weights, ...weights.map((w) => grads[w.name]), ...velocities], attrs: { learningRate: 0.01, momentum: 0.9, nesterov: false, weightDecay: weights.map(() => 0) }, backend }); }); }
for(let i=0;i<3;i++)step();
const {library}=backend;library.callWith=()=>{};library.call=()=>{};let t0=[];for(let i=0;i<40;i++){const t=performance.now();step();t0.push(performance.now()-t);}t0.sort((a,b)=>a-b);console.log("stubbed",t0[20].toFixed(2));process.exit(0);const K=new Map();
library.callWith=(n,a)=>{const t=performance.now();cw(n,a);const d=performance.now()-t;
 let key=n,f=0; if(n.startsWith('conv2d')){const g=a.slice(-15);const [b,h,w,ci,oh,ow,co,kh,kw,s]=g;key=`${n} ${b*oh*ow}x${co}x${ci*kh*kw} k${kh} s${s}`;f=2*b*oh*ow*co*ci*kh*kw;}
 else if(n.startsWith('depthwise')){const g=a.slice(-15);key=`${n} ${g[0]}x${g[1]}x${g[2]}x${g[3]}`;f=18*g[0]*g[1]*g[2]*g[3];}
 else if (n.startsWith('batchNormTrain')){const g=n=='batchNormTrain'?a.slice(8,10):a.slice(9,11);key=`${n} ${g}`; f=4*g[0]*g[1];}
 const e=K.get(key)??{ms:0,calls:0,f:0};e.ms+=d;e.calls++;e.f+=f;K.set(key,e);};
library.call=(n,...a)=>library.callWith(n,a);
const N=10;const ts=[];for(let i=0;i<N;i++){const t=performance.now();step();ts.push(performance.now()-t);}
ts.sort((a,b)=>a-b);let sum=0;for(const e of K.values())sum+=e.ms/N;
console.log('step',ts[N>>1].toFixed(1),'kernels',sum.toFixed(1));
for(const [k,e] of [...K].sort((a,b)=>b[1].ms-a[1].ms).slice(0,+(process.argv[5]??45)))console.log((e.ms/N).toFixed(2).padStart(7),String(e.calls/N).padStart(4),(e.f/e.ms/1e6).toFixed(1).padStart(7),k);
