/** A test image that was taken for something else. */
export interface Mistake {
  /** Its number among the test images. */
  index: number;
  label: string;
  prediction: string;
  /** What the network gave for its answer, in 0…1. */
  probability: number;
  /** PNG files as data URIs: the image, and the same with the Grad-CAM of the wrong answer over it. */
  image: string;
  heat: string;
}
