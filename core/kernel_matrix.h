// The matrix product of our own, part of core/kernel_body.h: panels and a block of C held in registers (Goto and van de
// Geijn, Anatomy of High-Performance Matrix Multiplication, 2008).
//
// Some rows of A, at most PANEL_ROWS, and two vectors of columns of B meet in one block of C. A block has its own function
// for each number of rows, so that the rows of a small matrix are shared out evenly, with none to fill up. B is copied into
// panels, in the order in which it is used and filled up with zeros, where it is transposed, or where its rows lie so far
// apart that each is on a page of its own, unless it is read so few times that copying would cost more; so is A where it is
// transposed, or where its rows lie a multiple of 4096 bytes apart and would push each other out of the first level of
// cache. `scratch` of the call holds the panels.

#undef PANEL_ROWS
#undef EACH_HEIGHT
#if VECTOR_BYTES == 64
#define PANEL_ROWS 12
#define EACH_HEIGHT(f) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11) f(12)
#elif VECTOR_BYTES == 32
#define PANEL_ROWS 6
#define EACH_HEIGHT(f) f(1) f(2) f(3) f(4) f(5) f(6)
#else
#define PANEL_ROWS 4
#define EACH_HEIGHT(f) f(1) f(2) f(3) f(4)
#endif

enum {
	LEVEL(LANES) = VECTOR_BYTES / (int)sizeof(Real),
	LEVEL(COLUMNS) = 2 * LEVEL(LANES),   // of a panel of B
	LEVEL(MOST_COLUMNS) = KERNEL_BLOCK / LEVEL(COLUMNS) * LEVEL(COLUMNS),
};

typedef Real LEVEL(Lane) __attribute__((vector_size(VECTOR_BYTES)));

// ---- Turning: a square of rows becomes one of columns

// The first, or last, halves of two vectors with their numbers taken in turn.
#undef MIX_LOW
#undef MIX_HIGH
#ifdef KERNEL_SINGLE
#if VECTOR_BYTES == 64
#define MIX_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define MIX_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif VECTOR_BYTES == 32
#define MIX_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define MIX_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define MIX_LOW 0, 4, 1, 5
#define MIX_HIGH 2, 6, 3, 7
#endif
#else
#if VECTOR_BYTES == 64
#define MIX_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define MIX_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#elif VECTOR_BYTES == 32
#define MIX_LOW 0, 4, 1, 5
#define MIX_HIGH 2, 6, 3, 7
#else
#define MIX_LOW 0, 2
#define MIX_HIGH 1, 3
#endif
#endif

// to[p*to_step + j] = from[j*from_step + p] for j, p < LANES: as many rounds of mixing as LANES has bits (a perfect shuffle
// of the rows' numbers, over and over).
INLINED void LEVEL(turn_square)(const Real *from, size_t from_step, Real *to, size_t to_step)
{
	enum { N = LEVEL(LANES) };
	LEVEL(Lane) row[N], next[N];
	UNROLLED for (int i = 0; i < N; i++)
		memcpy(&row[i], from + (size_t)i * from_step, sizeof row[i]);
	UNROLLED for (int round = 1; round < N; round *= 2) {
		UNROLLED for (int i = 0; i < N / 2; i++) {
			next[2 * i] = __builtin_shufflevector(row[i], row[i + N / 2], MIX_LOW);
			next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + N / 2], MIX_HIGH);
		}
		UNROLLED for (int i = 0; i < N; i++)
			row[i] = next[i];
	}
	UNROLLED for (int i = 0; i < N; i++)
		memcpy(to + (size_t)i * to_step, &row[i], sizeof row[i]);
}

// to[p*to_step + j] = from[j*from_step + p] for p < columns, j < rows.
static void LEVEL(turn_rows)(const Real *from, size_t from_step, size_t rows, size_t columns, Real *to, size_t to_step)
{
	enum { N = LEVEL(LANES) };
	const size_t whole_rows = rows / N * N, whole_columns = columns / N * N;
	for (size_t j = 0; j < whole_rows; j += N)
		for (size_t p = 0; p < whole_columns; p += N)
			LEVEL(turn_square)(from + j * from_step + p, from_step, to + p * to_step + j, to_step);
	for (size_t j = 0; j < rows; j++)
		for (size_t p = j < whole_rows ? whole_columns : 0; p < columns; p++)
			to[p * to_step + j] = from[j * from_step + p];
}

// ---- Panels

// Some columns of a transposed A: entry (i, p) goes to p*rows + i.
INLINED void LEVEL(pack_lines)(const Real *from, size_t step, size_t depth, Real *panel, const int rows)
{
	enum { FEW = 4 };   // such pieces of a panel do not cross a line of cache
	for (; depth > 0; depth--, from += step, panel += rows) {
		UNROLLED for (int i = 0; i < rows / FEW * FEW; i += FEW)
			memcpy(panel + i, from + i, FEW * sizeof *panel);
		UNROLLED for (int i = rows / FEW * FEW; i < rows; i++)
			panel[i] = from[i];
	}
}

#define HEIGHT(rows) \
	static void LEVEL(pack_##rows)(const Real *from, size_t step, size_t depth, Real *panel) \
	{ \
		LEVEL(pack_lines)(from, step, depth, panel, rows); \
	}
EACH_HEIGHT(HEIGHT)
#undef HEIGHT

#define HEIGHT(rows) LEVEL(pack_##rows),
static void (*const LEVEL(pack_height)[])(const Real *from, size_t step, size_t depth, Real *panel) = {EACH_HEIGHT(HEIGHT)};
#undef HEIGHT

// A's `rows` rows from `row` on, `depth` columns from `column` on: entry (i, p) goes to i*depth + p, of a transposed A to
// p*rows + i.
static void LEVEL(pack_rows)(const MatrixCall *call, size_t row, size_t rows, size_t column, size_t depth, Real *panel)
{
	const Real *a = call->a;
	if (call->a_transposed)
		LEVEL(pack_height)[rows - 1](a + column * call->lda + row, call->lda, depth, panel);
	for (size_t i = 0; !call->a_transposed && i < rows; i++)
		memcpy(panel + i * depth, a + (row + i) * call->lda + column, depth * sizeof *panel);
}

// B's columns from `column` on, `depth` rows from `row` on: entry (p, j) goes to p*COLUMNS + j.
static void LEVEL(pack_columns)(const MatrixCall *call, size_t row, size_t column, size_t depth, Real *panel)
{
	enum { WIDE = LEVEL(COLUMNS) };
	const Real *b = call->b;
	const size_t columns = call->n - column < WIDE ? call->n - column : WIDE;
	if (call->b_transposed) {
		if (columns < WIDE)
			memset(panel, 0, depth * WIDE * sizeof *panel);
		LEVEL(turn_rows)(b + column * call->ldb + row, call->ldb, columns, depth, panel, WIDE);
		return;
	}
	for (size_t p = 0; p < depth; p++) {
		const Real *from = b + (row + p) * call->ldb + column;
		if (columns == WIDE) {
			memcpy(panel + p * WIDE, from, WIDE * sizeof *from);
			continue;
		}
		memcpy(panel + p * WIDE, from, columns * sizeof *from);
		memset(panel + p * WIDE + columns, 0, (WIDE - columns) * sizeof *from);
	}
}

// ---- One block of C

// What a block is made of: entry (i, p) of A is at a[i*down + p*along], entry (p, j) of B at b[p*b_step + j].
typedef struct LEVEL(Meeting) {
	const Real *a, *b;
	size_t down, along, b_step, depth;
	Real *c;
	size_t ldc, columns;   // columns of C, at most COLUMNS
	Real keep, scale;
	const Real *start;     // of each row, or NULL
} LEVEL(Meeting);

// C's block = keep*C + start.
NOT_INLINED void LEVEL(scale_block)(const LEVEL(Meeting) *m, int rows)
{
	for (int i = 0; i < rows; i++) {
		Real *c = m->c + (size_t)i * m->ldc;
		const Real start = m->start ? m->start[i] : 0;
		for (size_t j = 0; j < m->columns; j++)
			c[j] = m->keep * c[j] + start;
	}
}

// A line of C that is no whole number of vectors.
NOT_INLINED void LEVEL(write_few)(const LEVEL(Meeting) *m, Real *c, const Real *sum, Real start, bool keeps)
{
	for (size_t j = 0; j < m->columns; j++)
		c[j] = (keeps ? c[j] : start) + m->scale * sum[j];
}

// Line i of the block: scale*sum is added to what is there, or to its start.
INLINED void LEVEL(write_line)(const LEVEL(Meeting) *m, int i, const LEVEL(Lane) *sum, const int vectors, const bool keeps)
{
	Real *c = m->c + (size_t)i * m->ldc, line[LEVEL(COLUMNS)];
	const Real start = !keeps && m->start ? m->start[i] : 0;
	if (m->columns < (size_t)vectors * LEVEL(LANES)) {
		memcpy(line, sum, (size_t)vectors * sizeof *sum);
		LEVEL(write_few)(m, c, line, start, keeps);
		return;
	}
	UNROLLED for (int v = 0; v < vectors; v++) {
		LEVEL(Lane) old = {0};
		if (keeps)
			memcpy(&old, c + v * LEVEL(LANES), sizeof old);
		else
			old += start;
		old += m->scale * sum[v];
		memcpy(c + v * LEVEL(LANES), &old, sizeof old);
	}
}

// C's block = scale*sum over p, added to what is there or in its place.
INLINED void LEVEL(meet)(const LEVEL(Meeting) *m, const int rows, const int vectors, size_t down, size_t along)
{
	LEVEL(Lane) part[PANEL_ROWS][2] = {{{0}}};
	const Real *a = m->a, *b = m->b;
	const size_t b_step = m->b_step;
	for (size_t p = m->depth; p > 0; p--, a += along, b += b_step) {
		LEVEL(Lane) line[2];
		UNROLLED for (int v = 0; v < vectors; v++)
			memcpy(&line[v], b + v * LEVEL(LANES), sizeof line[v]);
		UNROLLED for (int i = 0; i < rows; i++)
			UNROLLED for (int v = 0; v < vectors; v++)
				part[i][v] += a[(size_t)i * down] * line[v];
	}
	if (m->keep == 0) {
		UNROLLED for (int i = 0; i < rows; i++)
			LEVEL(write_line)(m, i, part[i], vectors, false);
		return;
	}
	if (m->keep != 1 || m->start)
		LEVEL(scale_block)(m, rows);
	UNROLLED for (int i = 0; i < rows; i++)
		LEVEL(write_line)(m, i, part[i], vectors, true);
}

// A function for each height of a block, for one or two vectors of columns, for the rows of A in one piece each or its
// columns.
#define HEIGHT(rows) \
	static void LEVEL(meet_rows_##rows)(const LEVEL(Meeting) *m) { LEVEL(meet)(m, rows, 2, m->down, 1); } \
	static void LEVEL(meet_columns_##rows)(const LEVEL(Meeting) *m) { LEVEL(meet)(m, rows, 2, 1, m->along); } \
	static void LEVEL(meet_rows_narrow_##rows)(const LEVEL(Meeting) *m) { LEVEL(meet)(m, rows, 1, m->down, 1); } \
	static void LEVEL(meet_columns_narrow_##rows)(const LEVEL(Meeting) *m) { LEVEL(meet)(m, rows, 1, 1, m->along); }
EACH_HEIGHT(HEIGHT)
#undef HEIGHT

#define HEIGHT(rows) \
	{{LEVEL(meet_rows_##rows), LEVEL(meet_columns_##rows)}, {LEVEL(meet_rows_narrow_##rows), LEVEL(meet_columns_narrow_##rows)}},
static void (*const LEVEL(meet_height)[][2][2])(const LEVEL(Meeting) *m) = {EACH_HEIGHT(HEIGHT)};
#undef HEIGHT

// ---- The whole product

// `depth` columns of A from `column` on times that many rows of B, for columns j0 to end of C.
typedef struct LEVEL(Slab) {
	size_t column, depth, j0, end;
	bool a_packed, b_packed;
	Real keep;
} LEVEL(Slab);

static Real *LEVEL(panel_of)(const MatrixCall *call, const LEVEL(Slab) *slab, size_t j)
{
	return (Real *)call->scratch + (j - slab->j0) * slab->depth;
}

// Rows of C from `row` on.
static void LEVEL(multiply_rows)(const MatrixCall *call, const LEVEL(Slab) *slab, size_t row, size_t rows)
{
	enum { WIDE = LEVEL(COLUMNS) };
	Real *a_panel = (Real *)call->scratch + KERNEL_BLOCK * KERNEL_DEPTH;
	LEVEL(Meeting) m = {.depth = slab->depth, .ldc = call->ldc, .scale = (Real)call->scale, .keep = slab->keep,
	                    .down = slab->a_packed ? slab->depth : call->lda, .along = slab->a_packed ? rows : call->lda};
	m.a = (const Real *)call->a + (call->a_transposed ? slab->column * call->lda + row : row * call->lda + slab->column);
	m.start = call->start && slab->column == 0 ? (const Real *)call->start + row : NULL;
	if (slab->a_packed) {
		LEVEL(pack_rows)(call, row, rows, slab->column, slab->depth, a_panel);
		m.a = a_panel;
	}
	for (size_t j = slab->j0; j < slab->end; j += WIDE) {
		m.columns = slab->end - j < WIDE ? slab->end - j : WIDE;
		bool packed = slab->b_packed || m.columns < WIDE;
		m.b = packed ? LEVEL(panel_of)(call, slab, j) : (const Real *)call->b + slab->column * call->ldb + j;
		m.b_step = packed ? WIDE : call->ldb;
		m.c = (Real *)call->c + row * call->ldc + j;
		LEVEL(meet_height)[rows - 1][m.columns <= LEVEL(LANES)][call->a_transposed](&m);
	}
}

static void LEVEL(multiply_slab)(const MatrixCall *call, const LEVEL(Slab) *slab)
{
	const size_t panels = (call->m + PANEL_ROWS - 1) / PANEL_ROWS;
	for (size_t j = slab->j0; j < slab->end; j += LEVEL(COLUMNS))
		if (slab->b_packed || slab->end - j < LEVEL(COLUMNS))
			LEVEL(pack_columns)(call, slab->column, j, slab->depth, LEVEL(panel_of)(call, slab, j));
	for (size_t i = 0; i < panels; i++) {
		size_t row = call->m * i / panels;
		LEVEL(multiply_rows)(call, slab, row, call->m * (i + 1) / panels - row);
	}
}

static size_t LEVEL(pieces)(size_t whole, size_t most)
{
	return (whole + most - 1) / most;
}

static void LEVEL(matrix_by_panels)(const MatrixCall *call)
{
	enum { WIDE = LEVEL(COLUMNS), PAGE = 4096 / sizeof(Real), FEW_TIMES = 2 * PANEL_ROWS, FEW_PANELS = 4 };
	const bool shallow = call->n > KERNEL_BLOCK / 2 || sizeof(Real) > sizeof(float);   // a panel of A stays in the first level
	const size_t depth = shallow ? KERNEL_DEPTH : 2 * KERNEL_DEPTH;
	const size_t deep = LEVEL(pieces)(call->k, depth), blocks = LEVEL(pieces)(call->n, LEVEL(MOST_COLUMNS));
	const size_t wide = LEVEL(pieces)(LEVEL(pieces)(call->n, blocks), WIDE) * WIDE;
	LEVEL(Slab) slab = {.b_packed = call->b_transposed || (call->m > FEW_TIMES && call->ldb >= PAGE),
	                    .a_packed = (call->a_transposed || call->lda % PAGE == 0) && call->n > FEW_PANELS * WIDE};
	for (size_t d = 0; d < deep; d++) {
		slab.column = call->k * d / deep;
		slab.depth = call->k * (d + 1) / deep - slab.column;
		slab.keep = d ? 1 : (Real)call->keep;
		for (slab.j0 = 0; slab.j0 < call->n; slab.j0 = slab.end) {
			slab.end = call->n - slab.j0 < wide ? call->n : slab.j0 + wide;
			LEVEL(multiply_slab)(call, &slab);
		}
	}
}

// ---- Few rows or columns

static Real LEVEL(long_dot)(const Real *u, const Real *v, size_t n)
{
	enum { WIDTH = VECTOR_BYTES / sizeof(Real) };
	LEVEL(Lane) part[2] = {{0}}, x, y;
	Real sum = 0;
	size_t i = 0;
	for (; i + 2 * WIDTH <= n; i += 2 * WIDTH)
		UNROLLED for (size_t k = 0; k < 2; k++) {
			memcpy(&x, u + i + k * WIDTH, sizeof x);
			memcpy(&y, v + i + k * WIDTH, sizeof y);
			part[k] += x * y;
		}
	part[0] += part[1];
	for (size_t k = 0; i && k < WIDTH; k++)
		sum += part[0][k];
	for (; i < n; i++)
		sum += u[i] * v[i];
	return sum;
}

// Entries of C are products of rows of A and columns of B, each in one piece.
static void LEVEL(matrix_by_dots)(const MatrixCall *call, const Real *b, size_t ldb)
{
	for (size_t i = 0; i < call->m; i++)
		for (size_t j = 0; j < call->n; j++) {
			Real *c = (Real *)call->c + i * call->ldc + j;
			Real sum = LEVEL(long_dot)((const Real *)call->a + i * call->lda, b + j * ldb, call->k);
			*c = LEVEL(kept)(call, *c) + (call->start ? ((const Real *)call->start)[i] : 0) + (Real)call->scale * sum;
		}
}

// Rows of C are sums of rows of B.
static void LEVEL(matrix_by_rows)(const MatrixCall *call)
{
	const size_t down = call->a_transposed ? 1 : call->lda, along = call->a_transposed ? call->lda : 1;
	for (size_t i = 0; i < call->m; i++) {
		Real *c = (Real *)call->c + i * call->ldc;
		const Real start = call->start ? ((const Real *)call->start)[i] : 0;
		for (size_t j = 0; j < call->n; j++)
			c[j] = LEVEL(kept)(call, c[j]) + start;
		for (size_t p = 0; p < call->k; p++) {
			const Real scale = (Real)call->scale * ((const Real *)call->a)[i * down + p * along];
			const Real *row = (const Real *)call->b + p * call->ldb;
			INDEPENDENT for (size_t j = 0; j < call->n; j++)
				c[j] += scale * row[j];
		}
	}
}

static void LEVEL(matrix_by_loops)(const MatrixCall *call)
{
	const bool few_columns = call->n <= KERNEL_FEW_COLUMNS, few_rows = call->m <= KERNEL_FEW_ROWS;
	Real *columns = call->scratch;
	if (!call->a_transposed && call->b_transposed && (few_columns || few_rows)) {
		LEVEL(matrix_by_dots)(call, call->b, call->ldb);
	} else if (few_rows && !call->b_transposed) {
		LEVEL(matrix_by_rows)(call);
	} else if (few_columns && !call->a_transposed && call->k <= KERNEL_BLOCK * KERNEL_DEPTH / KERNEL_FEW_COLUMNS) {
		for (size_t j = 0; j < call->n; j++)
			for (size_t p = 0; p < call->k; p++)
				columns[j * call->k + p] = ((const Real *)call->b)[p * call->ldb + j];
		LEVEL(matrix_by_dots)(call, columns, call->k);
	} else {
		LEVEL(matrix_by_panels)(call);
	}
}
