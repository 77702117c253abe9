#include "core/blas.h"

#include <dlfcn.h>
#include <string.h>

typedef void SetThreads(int threads);

// A function of the library. C has no conversion from dlsym's pointer to one to a function; POSIX says that it has the
// same representation.
static bool find(void *library, const char *name, void *function, size_t size)
{
	void *symbol = dlsym(library, name);
	memcpy(function, &symbol, size);
	return symbol != NULL;
}

bool blas_find(Blas *blas)
{
	SetThreads *set_threads;
	*blas = (Blas){0};
	void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	if (find(library, "cblas_sgemm", &blas->multiply_single, sizeof blas->multiply_single) &&
	    find(library, "cblas_dgemm", &blas->multiply_double, sizeof blas->multiply_double) &&
	    find(library, "openblas_set_num_threads", &set_threads, sizeof set_threads)) {
		set_threads(1);
		return true;
	}
	*blas = (Blas){0};
	dlclose(library);
	return false;
}
