// Every kernel, compiled as one unit once for each instruction set: XCP_NAMESPACE keeps the copies apart and
// XCP_TABLE names the table through which the host finds them.
#include "batch-norm.cpp"
#include "binary.cpp"
#include "conv.cpp"
#include "copy.cpp"
#include "depthwise.cpp"
#include "muon.cpp"
#include "optimizer.cpp"
#include "pool.cpp"
#include "random.cpp"
#include "reduce.cpp"
#include "resize.cpp"
#include "softmax.cpp"
#include "table.h"
#include "unary.cpp"

#define UNARY(name) {#name, XCP_NAMESPACE::unary::name}
#define BINARY(name) {#name, XCP_NAMESPACE::binary::name}
#define REDUCE(name) {#name, XCP_NAMESPACE::reduce::name}

extern "C" const KernelEntry XCP_TABLE[] = {
    {"conv2d", XCP_NAMESPACE::conv2d},
    {"conv2dPacked", XCP_NAMESPACE::conv2d_packed},
    {"packFilter", XCP_NAMESPACE::pack_filter},
    {"conv2dFilterGradient", XCP_NAMESPACE::conv2d_filter_gradient},
    {"conv2dInputGradient", XCP_NAMESPACE::conv2d_input_gradient},
    {"matmul", XCP_NAMESPACE::matmul},
    {"depthwise", XCP_NAMESPACE::depthwise},
    {"depthwiseInputGradient", XCP_NAMESPACE::depthwise_input_gradient},
    {"depthwiseFilterGradient", XCP_NAMESPACE::depthwise_filter_gradient},
    {"batchNormTrain", XCP_NAMESPACE::batch_norm_train},
    {"batchNormTrainGradient", XCP_NAMESPACE::batch_norm_train_gradient},
    {"batchNormInference", XCP_NAMESPACE::batch_norm_inference},
    {"foldBatchNorm", XCP_NAMESPACE::fold_batch_norm},
    {"pool", XCP_NAMESPACE::pool},
    {"maxPoolGradient", XCP_NAMESPACE::max_pool_gradient},
    {"avgPoolGradient", XCP_NAMESPACE::avg_pool_gradient},
    UNARY(relu), UNARY(relu6), UNARY(elu), UNARY(selu), UNARY(negate), UNARY(abs), UNARY(sign), UNARY(square),
    UNARY(reciprocal), UNARY(floor), UNARY(ceil), UNARY(round), UNARY(sqrt), UNARY(rsqrt), UNARY(exp), UNARY(expm1),
    UNARY(log), UNARY(log1p), UNARY(sigmoid), UNARY(softplus), UNARY(erf), UNARY(sin), UNARY(cos), UNARY(tan),
    UNARY(asin), UNARY(acos), UNARY(atan), UNARY(sinh), UNARY(cosh), UNARY(tanh), UNARY(asinh), UNARY(acosh),
    UNARY(atanh), UNARY(is_nan), UNARY(is_inf), UNARY(is_finite), UNARY(logical_not), UNARY(relu_int32),
    UNARY(relu6_int32), UNARY(negate_int32), UNARY(abs_int32), UNARY(sign_int32), UNARY(square_int32),
    UNARY(float32_to_int32), UNARY(float32_to_bool), UNARY(int32_to_float32), UNARY(int32_to_bool),
    UNARY(bool_to_float32), UNARY(bool_to_int32), UNARY(step), UNARY(leaky_relu), UNARY(clip), UNARY(clip_int32),
    BINARY(add), BINARY(subtract), BINARY(multiply), BINARY(divide), BINARY(squared_difference), BINARY(maximum),
    BINARY(minimum), BINARY(modulo), BINARY(power), BINARY(atan2), BINARY(prelu), BINARY(elu_gradient),
    BINARY(relu_gradient), BINARY(floor_divide), BINARY(add_int32), BINARY(subtract_int32), BINARY(multiply_int32),
    BINARY(squared_difference_int32), BINARY(bitwise_and), BINARY(maximum_int32), BINARY(minimum_int32),
    BINARY(modulo_int32), BINARY(floor_divide_int32), BINARY(power_int32), BINARY(logical_and), BINARY(logical_or),
    BINARY(add_n), BINARY(equal), BINARY(equal_int32), BINARY(equal_bool), BINARY(not_equal),
    BINARY(not_equal_int32), BINARY(not_equal_bool), BINARY(less), BINARY(less_int32), BINARY(less_bool),
    BINARY(less_equal), BINARY(less_equal_int32), BINARY(less_equal_bool), BINARY(greater), BINARY(greater_int32),
    BINARY(greater_bool), BINARY(greater_equal), BINARY(greater_equal_int32), BINARY(greater_equal_bool),
    REDUCE(reduce_max), REDUCE(reduce_min), REDUCE(reduce_prod), REDUCE(reduce_max_int32), REDUCE(reduce_min_int32),
    REDUCE(reduce_sum_int32), REDUCE(reduce_prod_int32), REDUCE(reduce_all), REDUCE(reduce_any), REDUCE(reduce_sum),
    REDUCE(arg_max), REDUCE(arg_min), REDUCE(arg_max_int32), REDUCE(arg_min_int32), REDUCE(cumsum), REDUCE(cumprod),
    REDUCE(cumsum_int32), REDUCE(cumprod_int32),
    {"stridedCopy", XCP_NAMESPACE::strided_copy},
    {"fill", XCP_NAMESPACE::fill},
    {"gather", XCP_NAMESPACE::gather},
    {"segmentSum", XCP_NAMESPACE::segment_sum},
    {"select", XCP_NAMESPACE::select},
    {"oneHot", XCP_NAMESPACE::one_hot},
    {"resizeBilinear", XCP_NAMESPACE::resize_bilinear},
    {"resizeBilinearGradient", XCP_NAMESPACE::resize_bilinear_gradient},
    {"resizeNearest", XCP_NAMESPACE::resize_nearest},
    {"resizeNearestGradient", XCP_NAMESPACE::resize_nearest_gradient},
    {"softmax", XCP_NAMESPACE::softmax},
    {"softmaxCrossEntropy", XCP_NAMESPACE::softmax_cross_entropy},
    {"dropoutMask", XCP_NAMESPACE::dropout_mask},
    {"sgdUpdate", XCP_NAMESPACE::sgd_update},
    {"adamUpdate", XCP_NAMESPACE::adam_update},
    {"rmspropUpdate", XCP_NAMESPACE::rmsprop_update},
    {"muonDirection", XCP_NAMESPACE::muon_direction},
    {"muonUpdate", XCP_NAMESPACE::muon_update},
    {"emaUpdate", XCP_NAMESPACE::ema_update},
    {nullptr, nullptr},
};
