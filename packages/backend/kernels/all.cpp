// Every kernel, compiled as one unit once for each instruction set: XCP_NAMESPACE keeps the copies apart and
// XCP_TABLE names the table through which the host finds them.
#include "batch-norm.cpp"
#include "conv.cpp"
#include "depthwise.cpp"
#include "elementwise.cpp"
#include "optimizer.cpp"
#include "pool.cpp"
#include "reduce.cpp"
#include "table.h"

extern "C" const KernelEntry XCP_TABLE[] = {
    {"conv2d", XCP_NAMESPACE::conv2d},
    {"conv2dFilterGradient", XCP_NAMESPACE::conv2d_filter_gradient},
    {"conv2dInputGradient", XCP_NAMESPACE::conv2d_input_gradient},
    {"matmul", XCP_NAMESPACE::matmul},
    {"depthwise", XCP_NAMESPACE::depthwise},
    {"depthwiseInputGradient", XCP_NAMESPACE::depthwise_input_gradient},
    {"depthwiseFilterGradient", XCP_NAMESPACE::depthwise_filter_gradient},
    {"batchNormTrain", XCP_NAMESPACE::batch_norm_train},
    {"batchNormTrainGradient", XCP_NAMESPACE::batch_norm_train_gradient},
    {"batchNormInference", XCP_NAMESPACE::batch_norm_inference},
    {"pool", XCP_NAMESPACE::pool},
    {"maxPoolGradient", XCP_NAMESPACE::max_pool_gradient},
    {"avgPoolGradient", XCP_NAMESPACE::avg_pool_gradient},
    {"relu", XCP_NAMESPACE::relu},
    {"relu6", XCP_NAMESPACE::relu6},
    {"reluGradient", XCP_NAMESPACE::relu_gradient},
    {"negate", XCP_NAMESPACE::negate},
    {"square", XCP_NAMESPACE::square},
    {"exp", XCP_NAMESPACE::exponential},
    {"log", XCP_NAMESPACE::logarithm},
    {"sqrt", XCP_NAMESPACE::square_root},
    {"rsqrt", XCP_NAMESPACE::reciprocal_square_root},
    {"abs", XCP_NAMESPACE::absolute},
    {"step", XCP_NAMESPACE::step},
    {"add", XCP_NAMESPACE::add},
    {"subtract", XCP_NAMESPACE::subtract},
    {"multiply", XCP_NAMESPACE::multiply},
    {"divide", XCP_NAMESPACE::divide},
    {"squaredDifference", XCP_NAMESPACE::squared_difference},
    {"addN", XCP_NAMESPACE::add_n},
    {"stridedCopy", XCP_NAMESPACE::strided_copy},
    {"fill", XCP_NAMESPACE::fill},
    {"reduceSum", XCP_NAMESPACE::reduce_sum},
    {"reduceMax", XCP_NAMESPACE::reduce_max},
    {"softmax", XCP_NAMESPACE::softmax},
    {"sgdUpdate", XCP_NAMESPACE::sgd_update},
    {"adamUpdate", XCP_NAMESPACE::adam_update},
    {nullptr, nullptr},
};
