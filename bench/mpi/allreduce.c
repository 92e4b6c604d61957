// The plain program beside which the addon is measured: MPI_Allreduce of so many floats, so many times; rank 0 prints the
// milliseconds of each on a line. mpicc -O2 allreduce.c -o allreduce && mpirun -n 2 ./allreduce 20800000 5
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  int count = argc > 1 ? atoi(argv[1]) : 20800000, times = argc > 2 ? atoi(argv[2]) : 5;
  float *values = malloc((size_t)count * sizeof *values);
  if (!values) MPI_Abort(MPI_COMM_WORLD, 1);
  for (int i = 0; i < count; i++) values[i] = 1e-3f * (float)(i % 1000);
  for (int i = 0; i < times; i++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double begin = MPI_Wtime();
    MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) printf("%.3f\n", (MPI_Wtime() - begin) * 1000);
  }
  free(values);
  MPI_Finalize();
  return 0;
}
