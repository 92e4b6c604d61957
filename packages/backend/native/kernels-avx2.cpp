#define XCP_NAMESPACE xcp_avx2
#define XCP_TABLE xcp_table_avx2
#include "../kernels/all.cpp"
