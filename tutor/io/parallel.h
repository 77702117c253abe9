// Many independent pieces of work, on several threads.
#ifndef TUTOR_IO_PARALLEL_H
#define TUTOR_IO_PARALLEL_H

#include <stddef.h>

// Work piece `index`, done by thread `worker` (from 0): each thread may keep things of its own.
typedef void ParallelWork(void *context, size_t worker, size_t index);
// How many are done; called by the calling thread alone, now and then and once at the end.
typedef void ParallelSeen(void *context, size_t done);

// Does pieces 0 .. count - 1, each once, in any order, and returns when all are done. The calling
// thread is worker 0; where no more threads can be had it does with those that it has. `seen` may be
// NULL.
void parallel_each(size_t count, size_t workers, ParallelWork *work, ParallelSeen *seen,
                   void *context);

// Processors that this process may use, at least 1.
size_t parallel_processors(void);

#endif
