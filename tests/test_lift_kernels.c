// The kernels of every level and precision against op_value and plain sums: every operation, every stride, every
// transposition, lengths around those of the vectors and panels.
#include "core/kernel.h"
#include "core/arena.h"
#include "tests/suite.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 70, MOST_ARGUMENTS = 4 };

static double uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(int64_t)(*state >> 11) / (double)((int64_t)1 << 52) - 1;
}

static void *numbers(const Kernels *kernels, size_t count, uint64_t seed)
{
	char *x = aligned_alloc(64, (count * kernels->size + 127) / 64 * 64);
	for (size_t i = 0; i < count; i++)
		kernels->set(x + i * kernels->size, (float)(2 * uniform(&seed)));
	return x;
}

static double at(const Kernels *kernels, const void *x, size_t i)
{
	return kernels->get((const char *)x + i * kernels->size);
}

static void ck_near(const Kernels *kernels, double wanted, double got, double scale, const char *what)
{
	double tolerance = (kernels->size == sizeof(float) ? 2e-6 : 1e-14) * (scale + fabs(wanted));
	ck_assert_msg((isnan(wanted) && isnan(got)) || wanted == got || fabs(wanted - got) <= tolerance,
	              "%s: %.17g, not %.17g (%zu bytes)", what, got, wanted, kernels->size);
}

// Powers and logarithms of positive numbers, whole exponents: what both precisions can do.
static void make_sensible(const Kernels *kernels, Op op, void **x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *a = (char *)x[0] + i * kernels->size, *b = (char *)x[1] + i * kernels->size;
		if (op == OP_POWER || op == OP_LOG || op == OP_SQRT)
			kernels->set(a, 0.5 + fabs(kernels->get(a)));
		if (op == OP_INTPOWER)
			kernels->set(b, floor(3 * kernels->get(b)));
		if (op == OP_DIV)
			kernels->set(b, 1 + fabs(kernels->get(b)));
	}
}

static void check_operation(const Kernels *kernels, Op op, uint32_t count, unsigned strides, size_t n)
{
	void *x[MOST_ARGUMENTS], *y = numbers(kernels, n, 1);
	const void *argument[MOST_ARGUMENTS];
	size_t stride[MOST_ARGUMENTS];
	for (uint32_t k = 0; k < MOST_ARGUMENTS; k++) {
		argument[k] = x[k] = numbers(kernels, n, k + 11 * op + 1);
		stride[k] = strides >> k & 1;
	}
	make_sensible(kernels, op, x, n);
	kernels->elements(op)(y, argument, stride, count, n);
	for (size_t i = 0; i < n; i++) {
		double a[MOST_ARGUMENTS], scale = 1;
		for (uint32_t k = 0; k < MOST_ARGUMENTS; k++)
			a[k] = at(kernels, x[k], i * stride[k]);
		double wanted = op_value(op, a, count);
		if (op == OP_SUM || op == OP_INTPOWER)
			scale = 10;
		ck_near(kernels, wanted, at(kernels, y, i), scale, op_info[op].text);
	}
	for (uint32_t k = 0; k < MOST_ARGUMENTS; k++)
		free(x[k]);
	free(y);
}

static void check_operations(const Kernels *kernels)
{
	static const size_t lengths[] = {1, 7, 16, 33, LONGEST, 300};
	for (int op = 0; op < OP_COUNT; op++) {
		Arity arity = op_info[op].arity;
		uint32_t least = arity == ARITY_BINARY ? 2 : 1, most = arity == ARITY_NARY ? MOST_ARGUMENTS : least;
		for (uint32_t count = least; arity != ARITY_LEAF && op != OP_BATCH_SUM && count <= most; count++)
			for (unsigned strides = 0; strides < 1u << count; strides++)
				for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
					check_operation(kernels, (Op)op, count, strides, lengths[l]);
	}
}

static void check_folds(const Kernels *kernels)
{
	static const uint32_t rows[] = {3, 0, 4, 1, 5};
	enum { COUNT = 5, ROWS = 6 };
	for (int op = 0; op < OP_COUNT; op++)
		for (size_t width = 1; op_info[op].arity == ARITY_NARY && width <= 300; width += 43) {
			void *x = numbers(kernels, ROWS * width, 5), *y = numbers(kernels, width, 6);
			for (int even = 0; even < 2; even++) {
				FoldRows fold = {.row = even ? NULL : rows, .first = 5, .along = -1, .count = COUNT};
				kernels->fold((Op)op)(y, x, fold, width);
				for (size_t l = 0; l < width; l++) {
					double a[COUNT];
					for (size_t k = 0; k < COUNT; k++)
						a[k] = at(kernels, x, (even ? 5 - k : rows[k]) * width + l);
					ck_near(kernels, op_value((Op)op, a, COUNT), at(kernels, y, l), 10, op_info[op].text);
				}
			}
			free(x);
			free(y);
		}
}

static void check_matrix(const Kernels *kernels, void *scratch, size_t m, size_t n, size_t k, unsigned how)
{
	Blas blas;   // where there is none, the loops are tested twice
	MatrixCall call = {.m = m, .n = n, .k = k, .scale = -0.5, .a_transposed = how & 1, .b_transposed = how & 2, .keep = how & 4 ? 0.75 : 0};
	call.blas = how & 8 && blas_find(&blas) ? &blas : NULL;
	call.lda = (call.a_transposed ? m : k) + 3;
	call.ldb = (call.b_transposed ? k : n) + 1;
	call.ldc = n + 2;
	void *a = numbers(kernels, call.lda * (call.a_transposed ? k : m), 1), *c = numbers(kernels, call.ldc * m, 3);
	void *b = numbers(kernels, call.ldb * (call.b_transposed ? n : k), 2), *old = numbers(kernels, call.ldc * m, 3);
	call.a = a, call.b = b, call.c = c, call.scratch = scratch;
	void *start = numbers(kernels, m, 5);
	call.start = how & 16 ? start : NULL;
	kernels->matrix(&call);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < call.ldc; j++) {
			double wanted = (j >= n ? 1 : call.keep) * at(kernels, old, i * call.ldc + j);
			wanted += call.start && j < n ? at(kernels, start, i) : 0;
			for (size_t p = 0; p < k && j < n; p++)
				wanted += call.scale * at(kernels, a, call.a_transposed ? p * call.lda + i : i * call.lda + p) *
				          at(kernels, b, call.b_transposed ? j * call.ldb + p : p * call.ldb + j);
			ck_near(kernels, wanted, at(kernels, c, i * call.ldc + j), 4 * (double)k, "matrix");
		}
	free(a), free(b), free(c), free(old), free(start);
}

static void check_matrices(const Kernels *kernels)
{
	static const size_t size[][3] = {
		{1, 1, 1}, {1, 40, 9}, {8, 32, 2}, {8, 2, 32}, {9, 33, 17}, {2, 5, 300}, {17, 4, 65}, {31, 70, 3}, {5, 600, 7},
		{13, 47, 523}, {64, 64, 64}, {37, 200, 30}, {30, 90, 300},
		{4, 20, 1100}, {25, 1060, 3},   // of more than one block, of rows on pages of their own
	};
	void *scratch = numbers(kernels, KERNEL_SCRATCH, 4);
	for (unsigned how = 0; how < 32; how++) {
		for (size_t s = 0; s < sizeof size / sizeof *size; s++)
			check_matrix(kernels, scratch, size[s][0], size[s][1], size[s][2], how);
		for (size_t m = 1; m <= 13; m++)   // a block of each height
			check_matrix(kernels, scratch, m, 70, 19, how);
	}
	free(scratch);
}

static void check_rest(const Kernels *kernels)
{
	for (size_t n = 1; n <= 700; n += n < LONGEST ? 1 : 83) {
		void *u = numbers(kernels, n, 1), *v = numbers(kernels, n, 2), *y = numbers(kernels, n, 3);
		double sum = 0, dot = at(kernels, y, 0);
		for (size_t i = 0; i < n; i++) {
			sum += at(kernels, u, i);
			dot += at(kernels, u, i) * at(kernels, v, i);
		}
		kernels->add_dot(y, u, v, n);
		ck_near(kernels, dot, at(kernels, y, 0), 4 * (double)n, "dot");
		kernels->batch_sum(y, u, n, 1, n);
		ck_near(kernels, sum, at(kernels, y, 0), 4 * (double)n, "batch sum");
		free(u), free(v), free(y);
	}
	void *x = numbers(kernels, 20 * 37, 1), *y = numbers(kernels, 17 * 37, 2);
	kernels->turn(y, x, 20, 17, 37);
	for (size_t r = 0; r < 17; r++)
		for (size_t l = 0; l < 37; l++)
			ck_assert(at(kernels, y, r * 37 + l) == at(kernels, x, l * 20 + r));
	free(x), free(y);
}

// ---- exp, log and tanh: so many units in the last place from the value, over the whole range (core/kernel_functions.h)

typedef struct Function {
	Op op;
	long double (*value)(long double x);
	double from, to;   // of those whose value is neither 0 nor infinite
	double most;       // units in the last place
} Function;

static const Function functions[] = {{OP_EXP, expl, -760, 720, 1}, {OP_LOG, logl, 0, 1, 1}, {OP_TANH, tanhl, -25, 25, 1.5}};

// The distance between the number next to `value` in the kernels' precision and the one after it.
static long double unit_in_last_place(const Kernels *kernels, long double value)
{
	const int digits = kernels->size == sizeof(float) ? FLT_MANT_DIG : DBL_MANT_DIG;
	const int least = kernels->size == sizeof(float) ? FLT_MIN_EXP : DBL_MIN_EXP;
	int exponent;
	frexpl(value, &exponent);
	return ldexpl(1, (exponent < least ? least : exponent) - digits);
}

static void check_function(const Kernels *kernels, const Function *function, double number, double *worst)
{
	double x[17], y[17];   // a vector and a rest
	const void *argument = x;
	const size_t stride = 1;
	for (size_t i = 0; i < 17; i++)
		kernels->set((char *)x + i * kernels->size, number * (1 + (double)i / 4096));
	kernels->elements(function->op)(y, &argument, &stride, 1, 17);
	for (size_t i = 0; i < 17; i++) {
		long double wanted = function->value(at(kernels, x, i));
		double got = at(kernels, y, i), largest = kernels->size == sizeof(float) ? FLT_MAX : DBL_MAX;
		if (isnan((double)wanted) ? isnan(got) : (double)wanted == got || (fabsl(wanted) > largest && isinf(got)))
			continue;
		double ulp = (double)(fabsl(wanted - got) / unit_in_last_place(kernels, wanted));
		*worst = ulp > *worst ? ulp : *worst;
		ck_assert_msg(ulp <= function->most, "%s(%.17g) = %.17Lg, not %.17g: %g units", op_info[function->op].text,
		              at(kernels, x, i), wanted, got, ulp);
	}
}

static void check_functions(const Kernels *kernels)
{
	static const double special[] = {0, -0.0, INFINITY, -INFINITY, NAN, DBL_MIN, 5e-324, 1e-310, FLT_MIN, 1e-45, 3e-40,
	                                 DBL_MAX, FLT_MAX, 1, -1, 0.5, 2, 88.722, 88.73, 709.78, 709.79, -87.4, -103.9, -104,
	                                 -745.1, -745.2, 1e5, -1e5, 0.625, -0.625};
	for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
		const Function *function = &functions[f];
		double worst = 0;
		uint64_t seed = 9;
		for (size_t i = 0; i < sizeof special / sizeof *special; i++)
			check_function(kernels, function, special[i], &worst);
		for (int exponent = -1074; exponent <= 1023; exponent++)   // all magnitudes, where most are tiny or huge
			check_function(kernels, function, ldexp(1 + fabs(uniform(&seed)) / 2, exponent) * (exponent % 2 ? -1 : 1), &worst);
		for (int i = getenv("SANITIZED") ? 18000 : 0; i < 20000; i++)
			check_function(kernels, function,
			               function->from + (function->to - function->from) * (0.5 + uniform(&seed) / 2), &worst);
		if (getenv("SHOW_ULP"))
			printf("%s, %zu bytes: %.3f\n", op_info[function->op].text, kernels->size, worst);
	}
}

static void every_level(void (*check)(const Kernels *kernels))
{
	for (int precision = PROGRAM_SINGLE; precision <= PROGRAM_DOUBLE; precision++)
		for (int level = 0; level < 3; level++)
			if (kernels_of_level((Precision)precision, level))
				check(kernels_of_level((Precision)precision, level));
}

START_TEST(operations)
{
	every_level(check_operations);
}
END_TEST

START_TEST(folds)
{
	every_level(check_folds);
}
END_TEST

START_TEST(matrices)
{
	every_level(check_matrices);
}
END_TEST

START_TEST(vector_functions)
{
	every_level(check_functions);
}
END_TEST

START_TEST(sums_and_moves)
{
	every_level(check_rest);
}
END_TEST

SUITE(operations, vector_functions, folds, matrices, sums_and_moves)
