#include "core/pool.h"

#include "core/arena.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

// A place where threads wait until a number changes.
typedef struct Gate {
	atomic_uint turn;        // changes when the gate opens
	atomic_uint sleepers;
	pthread_mutex_t lock;
	pthread_cond_t opened;
} Gate;

typedef struct Member {
	struct Pool *pool;
	uint32_t number;
	pthread_t thread;
} Member;

struct Pool {
	uint32_t threads;        // the caller's included
	uint32_t spins;
	Member *member;          // the others: members 1 … threads-1
	Gate work_gate, barrier_gate, done_gate;
	atomic_uint arrived;     // at the barrier
	atomic_uint done;        // of the others
	uint32_t at_work;        // threads of the run
	PoolWork *work;          // NULL: the pool ends
	void *context;
};

// ---- Waiting

static void gate_start(Gate *gate)
{
	atomic_init(&gate->turn, 0);
	atomic_init(&gate->sleepers, 0);
	pthread_mutex_init(&gate->lock, NULL);
	pthread_cond_init(&gate->opened, NULL);
}

static void gate_end(Gate *gate)
{
	pthread_mutex_destroy(&gate->lock);
	pthread_cond_destroy(&gate->opened);
}

static void pause_a_little(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
	__builtin_ia32_pause();
#endif
}

// Waits until the gate has opened since its turn was `turn`.
static void gate_wait(Gate *gate, unsigned turn, uint32_t spins)
{
	for (uint32_t i = 0; i < spins; i++) {
		if (atomic_load_explicit(&gate->turn, memory_order_acquire) != turn)
			return;
		pause_a_little();
	}
	// Who opens looks for sleepers after the turn has changed, who sleeps looks at the turn after having been counted:
	// one of the two sees the other.
	pthread_mutex_lock(&gate->lock);
	atomic_fetch_add(&gate->sleepers, 1);
	while (atomic_load(&gate->turn) == turn)
		pthread_cond_wait(&gate->opened, &gate->lock);
	atomic_fetch_sub(&gate->sleepers, 1);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_open(Gate *gate)
{
	atomic_fetch_add(&gate->turn, 1);
	if (!atomic_load(&gate->sleepers))
		return;
	pthread_mutex_lock(&gate->lock);
	pthread_cond_broadcast(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}

void pool_barrier(Pool *pool)
{
	if (pool->at_work <= 1)
		return;
	unsigned turn = atomic_load(&pool->barrier_gate.turn);
	if (atomic_fetch_add(&pool->arrived, 1) + 1 < pool->at_work) {
		gate_wait(&pool->barrier_gate, turn, pool->spins);
		return;
	}
	atomic_store(&pool->arrived, 0);
	gate_open(&pool->barrier_gate);
}

// ---- Threads

static void *run_member(void *data)
{
	const Member *member = data;
	Pool *pool = member->pool;
	for (unsigned turn = 0;; turn++) {
		gate_wait(&pool->work_gate, turn, pool->spins);
		if (!pool->work)
			return NULL;
		if (member->number < pool->at_work)
			pool->work(pool->context, member->number);
		// All are counted, at work or not, so that none is still about to read what the next run changes.
		if (atomic_fetch_add(&pool->done, 1) + 1 == pool->threads - 1) {
			atomic_store(&pool->done, 0);
			gate_open(&pool->done_gate);
		}
	}
}

Pool *pool_new(uint32_t threads)
{
	enum { SPINS = 20000 };
	Pool *pool = memory_alloc(sizeof *pool);
	*pool = (Pool){.threads = 1, .at_work = 1};
	gate_start(&pool->work_gate);
	gate_start(&pool->barrier_gate);
	gate_start(&pool->done_gate);
	atomic_init(&pool->arrived, 0);
	atomic_init(&pool->done, 0);
	pool->member = memory_alloc(memory_product(threads ? threads : 1, sizeof *pool->member));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	pool->spins = processors >= (long)threads ? SPINS : 0;
	for (uint32_t t = 1; t < threads; t++) {
		pool->member[t] = (Member){.pool = pool, .number = t};
		if (pthread_create(&pool->member[t].thread, NULL, run_member, &pool->member[t]) != 0)
			break;
		pool->threads++;
	}
	return pool;
}

void pool_free(Pool *pool)
{
	if (!pool)
		return;
	pool->work = NULL;
	gate_open(&pool->work_gate);
	for (uint32_t t = 1; t < pool->threads; t++)
		pthread_join(pool->member[t].thread, NULL);
	gate_end(&pool->work_gate);
	gate_end(&pool->barrier_gate);
	gate_end(&pool->done_gate);
	free(pool->member);
	free(pool);
}

uint32_t pool_threads(const Pool *pool)
{
	return pool->threads;
}

void pool_run(Pool *pool, uint32_t threads, PoolWork *work, void *context)
{
	threads = threads < pool->threads ? threads : pool->threads;
	pool->at_work = threads;
	if (threads <= 1) {
		work(context, 0);
		return;
	}
	pool->work = work;
	pool->context = context;
	unsigned turn = atomic_load(&pool->done_gate.turn);
	gate_open(&pool->work_gate);
	work(context, 0);
	gate_wait(&pool->done_gate, turn, pool->spins);
}
