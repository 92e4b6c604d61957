/** A workgroup takes so many channels, and so many rows at a time. */
export const CHANNELS = 32;
export const ROWS = 8;

/** Adds up what the workgroup's rows have for a channel; every thread gets the sum. */
export const sumOverRows = `
  var<workgroup> shared_: array<f32, ${CHANNELS * ROWS}>;

  fn sum_over_rows(value: f32, id: vec3<u32>) -> f32 {
    workgroupBarrier();
    shared_[id.y * ${CHANNELS}u + id.x] = value;
    workgroupBarrier();
    var sum = 0.0;
    for (var r = 0u; r < ${ROWS}u; r++) { sum += shared_[r * ${CHANNELS}u + id.x]; }
    return sum;
  }`;

/** Runs `body` for every row `r` of the workgroup's part that is this thread's, where the channel `c` exists. */
export const forEachRow = (body: string) => `
  if (c < u.channels) {
    for (var r = first + id.y; r < last; r += ${ROWS}u) { let i = r * u.channels + c; ${body} }
  }`;

/** The function of a program that reduces rows: workgroups over channels and over parts of the rows. */
export const reduceMain = (body: string) => `
  ${sumOverRows}
  @compute @workgroup_size(${CHANNELS}, ${ROWS})
  fn main(@builtin(local_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
    let c = group.x * ${CHANNELS}u + id.x;
    let first = group.y * u.length;
    let last = min(first + u.length, u.rows);
    let part = group.y * 2u * u.channels + c;
    ${body}
  }`;
