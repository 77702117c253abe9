// A pool of threads that do one piece of work together, again and again.
//
//	Pool *pool = pool_new(4);                  the caller and three more
//	pool_run(pool, 4, work, &what);            work(&what, 0) in the caller, work(&what, 1) … in the others
//	pool_free(pool);
//
// Work that goes in phases waits in pool_barrier between them: what any thread wrote before the barrier all see behind it.
// Who waits, for work or at a barrier, spins for some tenths of a millisecond and then sleeps: a barrier between threads that
// are both running costs less than a microsecond, and idle threads cost nothing.
//
// A pool of 1 starts no thread. One thread at a time may use a pool.
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <stdint.h>

typedef struct Pool Pool;
typedef void PoolWork(void *context, uint32_t thread);

// Where the system gives fewer threads than asked for, the pool has fewer: pool_threads says how many.
Pool *pool_new(uint32_t threads);
void pool_free(Pool *pool);
uint32_t pool_threads(const Pool *pool);

// Runs work(context, t) for each t < threads, at most those of the pool; returns when all have returned.
void pool_run(Pool *pool, uint32_t threads, PoolWork *work, void *context);
// Within work: returns when all threads of this run have come here. All of them must come.
void pool_barrier(Pool *pool);

#endif
