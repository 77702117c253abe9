#include "core/kernel.h"

// The highest level that the processor has: 0 the baseline, 1 v3, 2 v4.
static int level_of_processor(void)
{
#ifdef KERNEL_LEVELS
	bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
	return v4 ? 2 : v3 ? 1 : 0;
#else
	return 0;
#endif
}

bool kernels_blas_pays(void)
{
	return level_of_processor() == 0;
}

const Kernels *kernels_of_level(Precision precision, int level)
{
#ifdef KERNEL_LEVELS
	static const Kernels *const kernels[2][3] = {
		[PROGRAM_SINGLE] = {&kernels_single_base, &kernels_single_v3, &kernels_single_v4},
		[PROGRAM_DOUBLE] = {&kernels_double_base, &kernels_double_v3, &kernels_double_v4},
	};
#else
	static const Kernels *const kernels[2][1] = {
		[PROGRAM_SINGLE] = {&kernels_single_base},
		[PROGRAM_DOUBLE] = {&kernels_double_base},
	};
#endif
	return level <= level_of_processor() ? kernels[precision][level] : NULL;
}

const Kernels *kernels_for(Precision precision)
{
	return kernels_of_level(precision, level_of_processor());
}
