// The matrix product of our own, part of core/kernel_body.h: packed panels and a block of C held in registers (Goto and
// van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008).
//
// PANEL_ROWS rows of A and PANEL_VECTORS vectors of columns of B meet in one block of C. Both are copied into panels in
// the order in which they are used, filled up with zeros; `scratch` of the call holds them.

#undef PANEL_ROWS
#if VECTOR_BYTES == 64
#define PANEL_ROWS 8
#elif VECTOR_BYTES == 32
#define PANEL_ROWS 6
#else
#define PANEL_ROWS 4
#endif

enum {
	LEVEL(COLUMNS) = 2 * VECTOR_BYTES / (int)sizeof(Real),   // of a panel of B
	LEVEL(MOST_COLUMNS) = KERNEL_BLOCK / LEVEL(COLUMNS) * LEVEL(COLUMNS),
};

typedef Real LEVEL(Lane) __attribute__((vector_size(VECTOR_BYTES)));

// Of a transposed A: rows from `row` on, `depth` columns from `column` on; entry (i, p) goes to p*PANEL_ROWS + i.
static void LEVEL(pack_rows)(const MatrixCall *call, size_t row, size_t column, size_t depth, Real *panel)
{
	const Real *from = (const Real *)call->a + column * call->lda + row;
	size_t rows = call->m - row < PANEL_ROWS ? call->m - row : PANEL_ROWS;
	if (rows < PANEL_ROWS)
		memset(panel, 0, depth * PANEL_ROWS * sizeof *panel);
	for (size_t p = 0; p < depth; p++, from += call->lda, panel += PANEL_ROWS)
		for (size_t i = 0; i < rows; i++)
			panel[i] = from[i];
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
		for (size_t j = 0; j < columns; j++) {
			const Real *from = b + (column + j) * call->ldb + row;
			for (size_t p = 0; p < depth; p++)
				panel[p * WIDE + j] = from[p];
		}
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

// sum[i][v] = the block of the product: entry (i, p) of A is at a[i][p*along].
static inline void LEVEL(multiply_panels)(size_t depth, const Real *const a[PANEL_ROWS], size_t along, const Real *b,
                                          LEVEL(Lane) sum[PANEL_ROWS][2])
{
	LEVEL(Lane) part[PANEL_ROWS][2] = {{{0}}};
	for (size_t p = 0; p < depth; p++, b += LEVEL(COLUMNS)) {
		LEVEL(Lane) b0, b1;
		memcpy(&b0, b, sizeof b0);
		memcpy(&b1, b + LEVEL(COLUMNS) / 2, sizeof b1);
		UNROLLED for (int i = 0; i < PANEL_ROWS; i++) {
			part[i][0] += a[i][p * along] * b0;
			part[i][1] += a[i][p * along] * b1;
		}
	}
	UNROLLED for (int i = 0; i < PANEL_ROWS; i++) {
		sum[i][0] = part[i][0];
		sum[i][1] = part[i][1];
	}
}

// C's block at (row, column) gets scale*sum, added to what is there or in its place.
static void LEVEL(write_block)(const MatrixCall *call, size_t row, size_t column, bool keep, LEVEL(Lane) sum[PANEL_ROWS][2])
{
	enum { WIDE = LEVEL(COLUMNS) };
	const size_t rows = call->m - row < PANEL_ROWS ? call->m - row : PANEL_ROWS;
	const size_t columns = call->n - column < WIDE ? call->n - column : WIDE;
	const Real scale = (Real)call->scale;
	for (size_t i = 0; i < rows; i++) {
		Real *c = (Real *)call->c + (row + i) * call->ldc + column, line[WIDE];
		if (columns == WIDE) {
			for (int v = 0; v < 2; v++) {
				LEVEL(Lane) old = {0};
				if (keep)
					memcpy(&old, c + v * (WIDE / 2), sizeof old);
				old += scale * sum[i][v];
				memcpy(c + v * (WIDE / 2), &old, sizeof old);
			}
			continue;
		}
		memcpy(line, sum[i], sizeof line);
		for (size_t j = 0; j < columns; j++)
			c[j] = (keep ? c[j] : 0) + scale * line[j];
	}
}

// The blocks of PANEL_ROWS rows of C from `row` on, columns j0 to end. A is read as it lies if its rows are, behind the
// last row the last one again; what comes of that is not written.
static void LEVEL(multiply_rows)(const MatrixCall *call, size_t row, size_t column, size_t depth, size_t j0, size_t end,
                                 bool keep)
{
	const Real *b_panels = call->scratch, *a[PANEL_ROWS];
	Real *a_panel = (Real *)call->scratch + KERNEL_BLOCK * KERNEL_DEPTH;
	if (call->a_transposed)
		LEVEL(pack_rows)(call, row, column, depth, a_panel);
	for (size_t i = 0; i < PANEL_ROWS; i++)
		a[i] = call->a_transposed ? a_panel + i
		                          : (const Real *)call->a + (row + i < call->m ? row + i : call->m - 1) * call->lda + column;
	for (size_t j = j0; j < end; j += LEVEL(COLUMNS)) {
		LEVEL(Lane) sum[PANEL_ROWS][2];
		if (call->a_transposed)
			LEVEL(multiply_panels)(depth, a, PANEL_ROWS, b_panels + (j - j0) * depth, sum);
		else
			LEVEL(multiply_panels)(depth, a, 1, b_panels + (j - j0) * depth, sum);
		LEVEL(write_block)(call, row, j, keep, sum);
	}
}

static void LEVEL(matrix_by_panels)(const MatrixCall *call)
{
	Real *b_panels = call->scratch;
	for (size_t p = 0; p < call->k; p += KERNEL_DEPTH) {
		const size_t depth = call->k - p < KERNEL_DEPTH ? call->k - p : KERNEL_DEPTH;
		const bool keep = call->keep || p;
		for (size_t j0 = 0; j0 < call->n; j0 += LEVEL(MOST_COLUMNS)) {
			const size_t end = call->n - j0 < LEVEL(MOST_COLUMNS) ? call->n : j0 + LEVEL(MOST_COLUMNS);
			for (size_t j = j0; j < end; j += LEVEL(COLUMNS))
				LEVEL(pack_columns)(call, p, j, depth, b_panels + (j - j0) * depth);
			for (size_t i = 0; i < call->m; i += PANEL_ROWS)
				LEVEL(multiply_rows)(call, i, p, depth, j0, end, keep);
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
			*c = (call->keep ? *c : 0) + (Real)call->scale * sum;
		}
}

// Rows of C are sums of rows of B.
static void LEVEL(matrix_by_rows)(const MatrixCall *call)
{
	const size_t down = call->a_transposed ? 1 : call->lda, along = call->a_transposed ? call->lda : 1;
	for (size_t i = 0; i < call->m; i++) {
		Real *c = (Real *)call->c + i * call->ldc;
		if (!call->keep)
			memset(c, 0, call->n * sizeof *c);
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
