#include "core/kernel.h"

#include <string.h>

#ifdef HAVE_OPENBLAS
#include <cblas.h>
#endif

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
#ifdef HAVE_OPENBLAS
	static const char *const wide[] = {"SkylakeX", "Cooperlake", "SapphireRapids", "Zen4", "Zen5"};
	if (level_of_processor() < 2)
		return true;
	const char *name = openblas_get_corename();
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strcmp(name, wide[i]) == 0)
			return true;
#endif
	return false;
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
#ifdef HAVE_OPENBLAS
	openblas_set_num_threads(1);
#endif
	return kernels_of_level(precision, level_of_processor());
}
