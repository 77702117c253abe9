#include "tutor/io/parallel.h"

#include "core/arena.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef struct Pool {
	size_t count;
	atomic_size_t next, done;
	ParallelWork *work;
	ParallelSeen *seen;
	void *context;
} Pool;

typedef struct Worker {
	Pool *pool;
	size_t number;
	pthread_t thread;
} Worker;

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { LOOKS_A_SECOND = 10 };

static void *run(void *argument)
{
	const Worker *worker = argument;
	Pool *pool = worker->pool;
	double seen = seconds();
	for (;;) {
		size_t index = atomic_fetch_add(&pool->next, 1);
		if (index >= pool->count)
			return NULL;
		pool->work(pool->context, worker->number, index);
		size_t done = atomic_fetch_add(&pool->done, 1) + 1;
		if (worker->number || !pool->seen || seconds() - seen < 1.0 / LOOKS_A_SECOND)
			continue;
		pool->seen(pool->context, done);
		seen = seconds();
	}
}

void parallel_each(size_t count, size_t workers, ParallelWork *work, ParallelSeen *seen,
                   void *context)
{
	Pool pool = {.count = count, .work = work, .seen = seen, .context = context};
	size_t running = 0;
	workers = workers > count ? count : workers ? workers : 1;
	Worker *worker = memory_alloc(memory_product(workers + 1, sizeof *worker));
	for (size_t i = 1; i < workers; i++) {
		worker[i] = (Worker){.pool = &pool, .number = i};
		if (pthread_create(&worker[i].thread, NULL, run, &worker[i]) != 0)
			break;
		running = i;
	}
	worker[0] = (Worker){.pool = &pool};
	run(&worker[0]);
	for (size_t i = 1; i <= running; i++)
		pthread_join(worker[i].thread, NULL);
	free(worker);
	if (seen)
		seen(context, count);
}

size_t parallel_processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	return count > 0 ? (size_t)count : 1;
}
