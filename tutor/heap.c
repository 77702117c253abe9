// madvise is not in POSIX.
#define _DEFAULT_SOURCE
#include "tutor/heap.h"

#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#endif

#if defined __GLIBC__ && defined MADV_HUGEPAGE

enum {
	PAGE = 4096,
	FIRST = 1 << 20,             // more than a heap that is new has
	IN_HUGE_PAGES = 256 << 20,
	LARGEST = 32 << 20,          // what is larger lies outside the heap, so that it can grow without being copied
};

void heap_start(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGEST);
	mallopt(M_TRIM_THRESHOLD, INT32_MAX);
	mallopt(M_TOP_PAD, IN_HUGE_PAGES);
	void *first = malloc(FIRST);
	if (first)
		madvise((void *)((uintptr_t)first / PAGE * PAGE), IN_HUGE_PAGES, MADV_HUGEPAGE);
	free(first);
	mallopt(M_TOP_PAD, 0);
}

#else

void heap_start(void)
{
}

#endif
