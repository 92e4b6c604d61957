#define XCP_NAMESPACE xcp_avx512
#define XCP_TABLE xcp_table_avx512
#include "../kernels/all.cpp"
