// Programs with threads: equal to replay, and to themselves bit for bit; the pool of threads by itself. `make check-threads`
// runs this under ThreadSanitizer.
#include "core/pool.h"
#include "core/program_state.h"
#include "tests/suite.h"
#include "tests/test_lift.h"

#include <time.h>

// Large enough for each of three threads to get something, small enough for replay.
static const char *const nets[] = {
	"size n = 40, m = 30, c = 10\ninput x[1..n]\ntarget y[0..c-1]\n"
	"param w1[1..m, 1..n] ~ normal(0, sqrt(2/n))\nparam b1[1..m] = 0.1\n"
	"param w2[0..c-1, 1..m] ~ normal(0, sqrt(2/m))\nparam b2[0..c-1] ~ normal(0, 1)\n"
	"net[j=1..m] = sum(i=1..n, w1[j,i]*x[i]) + b1[j]\nh[j=1..m] = relu(net[j])\n"
	"z[k=0..c-1] = sum(j=1..m, w2[k,j]*h[j]) + b2[k]\ntop = max(k=0..c-1, z[k])\n"
	"S = sum(k=0..c-1, exp(z[k] - top))\nL = top + log(S) - sum(k=0..c-1, y[k]*z[k])\n"
	"minimize L\nupdate adam(rate = 0.01)\n",
	// recurrent, the same weights at every step
	"size T = 5, n = 6, m = 8\ninput x[1..T, 1..n]\ntarget y[1..2]\nparam u[1..m,1..n] ~ normal(0, 0.5)\n"
	"param w[1..m,1..m] ~ normal(0, 0.5)\nparam b[1..m] = 0\nparam v[1..2,1..m] ~ normal(0, 0.5)\nh[0,j=1..m] = 0\n"
	"h[t=1..T,j=1..m] = tanh(sum(i=1..n, u[j,i]*x[t,i]) + sum(i=1..m, w[j,i]*h[t-1,i]) + b[j])\n"
	"o[k=1..2] = sum(j=1..m, v[k,j]*h[T,j])\nE = 1/2*sum(k=1..2, (o[k] - y[k])^2)\nminimize E\n"
	"update momentum(rate = 0.01)\n",
	// a filter shared over positions, with a border
	"size n = 9, F = 3\ninput x[0..n+1,0..n+1]\ntarget y\nparam k1[1..F,1..3,1..3] ~ normal(0, 0.3)\nparam a[1..F] = 0.1\n"
	"param v[1..F,1..n,1..n] ~ normal(0, 0.1)\n"
	"c[f=1..F,r=1..n,s=1..n] = sum(i=1..3,j=1..3, k1[f,i,j]*x[r+i-2,s+j-2]) + a[f]\n"
	"h[f=1..F,r=1..n,s=1..n] = relu(c[f,r,s])\no = sum(f=1..F,r=1..n,s=1..n, v[f,r,s]*h[f,r,s])\n"
	"E = 1/2*(o - y)^2\nminimize E\nupdate momentum(rate = 0.001)\n",
	// what does not vary is the larger part
	"input x\nparam a[1..20000] ~ normal(0, 1)\nE = x*sum(i=1..20000, a[i]^2)/20000\nminimize E\nupdate adam(rate = 0.01)\n",
};
enum { NETS = sizeof nets / sizeof *nets, CONVOLUTION = 2 };

// Lanes that are split among threads, lanes that are too few for it, and lanes that a thread does in several parts.
typedef struct Size {
	uint32_t threads, lanes;
} Size;

static const Size sizes[] = {{2, 517}, {3, 100}, {3, 770}, {1, 600}, {2, 1030}};

START_TEST(equal_to_replay)
{
	bool shared = false, in_pieces = false;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		uint32_t lanes = _i == NETS - 1 ? sizes[s].lanes / 50 : sizes[s].lanes;
		Pair pair;
		pair_start_threads(&pair, nets[_i], WANT_LOSS, s % 2 ? PROGRAM_SINGLE : PROGRAM_DOUBLE, lanes, sizes[s].threads);
		shared |= pair.program->state->threads == sizes[s].threads && sizes[s].threads > 1;
		in_pieces |= pair.program->state->parts > pair.program->state->threads;
		for (int step = 0; step < 2; step++)
			pair_step(&pair);
		pair_end(&pair);
	}
	ck_assert(shared);
	ck_assert(in_pieces == (_i == CONVOLUTION));   // the others' rows stay in cache
}
END_TEST

// Runs on batches of several sizes; the leaves after the last one are copied to `end`.
static size_t train(const char *text, Precision precision, uint32_t threads, double *end, size_t most)
{
	static const uint32_t lanes[] = {600, 600, 17, 300, 600};
	Pair pair;
	pair_start_threads(&pair, text, WANT_LOSS, precision, 600, threads);
	for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
		pair.lanes = lanes[i];
		for (size_t c = 0; c < (size_t)pair.program->columns * lanes[i]; c++)
			pair.program->state->kernels->set((char *)pair.batch + c * pair.program->state->kernels->size,
			                                  next_random(&pair.random));
		program_feed(pair.program, pair.batch, pair.program->columns, lanes[i]);
		program_run(pair.program);
	}
	size_t count = pair.model.carry_count;
	ck_assert_uint_le(count, most);
	for (size_t i = 0; i < count; i++)
		end[i] = program_value(pair.program, pair.model.carry[i].leaf, 0);
	pair_end(&pair);
	return count;
}

START_TEST(same_bits_again)
{
	enum { MOST = 200000 };
	double *first = malloc(MOST * sizeof *first), *again = malloc(MOST * sizeof *again);
	for (uint32_t threads = 1; threads <= 3; threads++) {
		Precision precision = threads == 2 ? PROGRAM_SINGLE : PROGRAM_DOUBLE;
		size_t count = train(nets[_i], precision, threads, first, MOST);
		for (int times = 0; times < 2; times++) {
			train(nets[_i], precision, threads, again, MOST);
			ck_assert(memcmp(first, again, count * sizeof *first) == 0);
		}
	}
	free(first);
	free(again);
}
END_TEST

// One example after more and before: as threaded code where `threaded`.
static void train_by_turns(Pair *pair, bool threaded)
{
	static const uint32_t lanes[] = {1, 4, 1, 1, 3};
	static const char text[] = "input x[1..2]\ntarget y\nparam w[1..3,1..2] ~ normal(0, 1)\nparam v[1..3] ~ normal(0, 1)\n"
	                           "h[j=1..3] = tanh(sum(i=1..2, w[j,i]*x[i]))\nE = 1/2*(sum(j=1..3, v[j]*h[j]) - y)^2\n"
	                           "minimize E\nupdate momentum(rate = 0.1)\n";
	pair_start(pair, text, WANT_LOSS, PROGRAM_DOUBLE, 4);
	for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
		pair->lanes = lanes[i];
		for (size_t c = 0; c < (size_t)pair->program->columns * lanes[i]; c++)
			((double *)pair->batch)[c] = next_random(&pair->random);
		program_feed(pair->program, pair->batch, pair->program->columns, lanes[i]);
		ck_assert(!threaded || lanes[i] > 1 || pair->program->state->scalars > 0);
		if (!threaded)
			pair->program->state->scalars = 0;
		program_run(pair->program);
	}
}

START_TEST(one_example_by_turns)
{
	Pair threaded, other;
	train_by_turns(&threaded, true);
	train_by_turns(&other, false);
	for (size_t i = 0; i < other.model.carry_count; i++) {
		const Node leaf = other.model.carry[i].leaf;
		ck_assert_double_eq_tol(program_value(threaded.program, leaf, 0), program_value(other.program, leaf, 0), 1e-12);
	}
	pair_end(&threaded);
	pair_end(&other);
}
END_TEST

// ---- The pool

typedef struct Count {
	Pool *pool;
	uint32_t number[8], sum[8], threads, rounds;
} Count;

// Each writes its own number and, behind a barrier, adds up all.
static void count_up(void *context, uint32_t thread)
{
	Count *count = context;
	for (uint32_t round = 0; round < count->rounds; round++) {
		count->number[thread] = round * (thread + 1);
		pool_barrier(count->pool);
		for (uint32_t t = 0; t < count->threads; t++)
			count->sum[thread] += count->number[t];
		pool_barrier(count->pool);
	}
}

START_TEST(barriers)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	for (uint32_t threads = 1; threads <= 5; threads++) {
		Count count = {.pool = pool_new(threads), .rounds = 20};
		for (uint32_t run = 0; run < 60; run++) {
			count.threads = run % threads + 1;
			memset(count.sum, 0, sizeof count.sum);
			pool_run(count.pool, count.threads, count_up, &count);
			uint32_t wanted = 190 * count.threads * (count.threads + 1) / 2;
			for (uint32_t t = 0; t < count.threads; t++)
				ck_assert_uint_eq(count.sum[t], wanted);
			if (run % 20 == 0)
				nanosleep(&nap, NULL);   // the others are asleep by then
		}
		ck_assert_uint_eq(pool_threads(count.pool), threads);
		pool_free(count.pool);
	}
}
END_TEST

START_TEST(shares)
{
	for (uint32_t rows = 0; rows < 50; rows++)
		for (uint32_t unit = 1; unit < 9; unit++)
			for (uint32_t threads = 1; threads < 6; threads++) {
				uint32_t first, end, before = 0;
				for (uint32_t t = 0; t < threads; t++, before = end) {
					state_share(rows, unit, t, threads, &first, &end);
					ck_assert(first == before && first <= end && (first % unit == 0 || first == rows));
				}
				ck_assert_uint_eq(before, rows);
			}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create(__FILE__);
	TCase *tcase = tcase_create(__FILE__);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, equal_to_replay, 0, NETS);
	tcase_add_loop_test(tcase, same_bits_again, 0, NETS);
	tcase_add_test(tcase, one_example_by_turns);
	tcase_add_test(tcase, barriers);
	tcase_add_test(tcase, shares);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
