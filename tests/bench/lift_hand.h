// A training step written by hand, as a person who knows the field writes it: activations example by example, one CBLAS
// call a product, bias and relu in one pass, the update added into the weights by the product's own call after the last
// read of the old ones. Included once for each precision; HAND(name) names its functions, Real is the type.
// Without OpenBLAS the products are plain loops.

typedef struct HAND(Net) {
	size_t layers, size[5];        // units of each layer, the input's first
	Real *w[4], *b[4];
	Real *a[5], *d[5];             // activations and their gradients, lanes rows of `size` numbers
	bool softmax;                  // else one output, squared error
	Real rate;
} HAND(Net);

static Real *HAND(numbers)(size_t count)
{
	return memset(aligned_alloc(64, (count * sizeof(Real) + 63) / 64 * 64), 0, count * sizeof(Real));
}

static void HAND(start)(HAND(Net) *net, size_t lanes)
{
	uint64_t seed = 7;
	for (size_t l = 0; l <= net->layers; l++) {
		net->a[l] = HAND(numbers)(lanes * net->size[l]);
		net->d[l] = HAND(numbers)(lanes * net->size[l]);
	}
	for (size_t l = 0; l < net->layers; l++) {
		size_t count = net->size[l] * net->size[l + 1];
		net->w[l] = HAND(numbers)(count);
		net->b[l] = HAND(numbers)(net->size[l + 1]);
		for (size_t i = 0; i < count; i++)
			net->w[l][i] = (Real)(uniform(&seed) * sqrt(6.0 / (double)net->size[l]));
	}
}

static void HAND(end)(HAND(Net) *net)
{
	for (size_t l = 0; l <= net->layers; l++)
		free(net->a[l]), free(net->d[l]);
	for (size_t l = 0; l < net->layers; l++)
		free(net->w[l]), free(net->b[l]);
}

static void HAND(matrix)(bool ta, bool tb, size_t m, size_t n, size_t k, Real alpha, const Real *a, size_t lda,
                         const Real *b, size_t ldb, Real beta, Real *c, size_t ldc)
{
	if (blas.HAND_MULTIPLY) {
		blas.HAND_MULTIPLY(BLAS_ROWS, ta ? BLAS_TRANSPOSED : BLAS_AS_IS, tb ? BLAS_TRANSPOSED : BLAS_AS_IS, (int)m, (int)n,
		                   (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
		return;
	}
	for (size_t i = 0; i < m; i++) {
		for (size_t j = 0; j < n; j++)
			c[i * ldc + j] *= beta;
		for (size_t p = 0; p < k; p++)
			for (size_t j = 0; j < n; j++)
				c[i * ldc + j] += alpha * (ta ? a[p * lda + i] : a[i * lda + p]) * (tb ? b[j * ldb + p] : b[p * ldb + j]);
	}
}

static void HAND(forward)(HAND(Net) *net, size_t lanes)
{
	for (size_t l = 0; l < net->layers; l++) {
		size_t n = net->size[l], m = net->size[l + 1];
		Real *z = net->a[l + 1];
		const Real *b = net->b[l];
		HAND(matrix)(false, true, lanes, m, n, 1, net->a[l], n, net->w[l], n, 0, z, m);
		for (size_t k = 0; k < lanes; k++)
			for (size_t j = 0; j < m; j++) {
				Real x = z[k * m + j] + b[j];
				z[k * m + j] = l + 1 < net->layers && x < 0 ? 0 : x;
			}
	}
}

// The gradient at the output; returns the loss.
static Real HAND(loss)(HAND(Net) *net, const Real *target, const uint32_t *label, size_t lanes)
{
	size_t m = net->size[net->layers];
	Real loss = 0, share = 1 / (Real)lanes;
	for (size_t k = 0; k < lanes; k++) {
		const Real *z = net->a[net->layers] + k * m;
		Real *d = net->d[net->layers] + k * m, top = z[0], sum = 0;
		if (!net->softmax) {
			Real e = z[0] - target[k];
			loss += e * e / 2;
			d[0] = e * share;
			continue;
		}
		for (size_t j = 1; j < m; j++)
			top = z[j] > top ? z[j] : top;
		for (size_t j = 0; j < m; j++)
			sum += d[j] = HAND_EXP(z[j] - top);
		for (size_t j = 0; j < m; j++)
			d[j] *= share / sum;
		d[label[k]] -= share;
		loss += top + HAND_LOG(sum) - z[label[k]];
	}
	return loss * share;
}

static void HAND(backward)(HAND(Net) *net, size_t lanes)
{
	for (size_t l = net->layers; l-- > 0;) {
		size_t n = net->size[l], m = net->size[l + 1];
		const Real *d = net->d[l + 1];
		if (l) {
			HAND(matrix)(false, false, lanes, n, m, 1, d, m, net->w[l], n, 0, net->d[l], n);
			for (size_t i = 0; i < lanes * n; i++)
				net->d[l][i] = net->a[l][i] > 0 ? net->d[l][i] : 0;
		}
		HAND(matrix)(true, false, m, n, lanes, -net->rate, d, m, net->a[l], n, 1, net->w[l], n);
		for (size_t k = 0; k < lanes; k++)
			for (size_t j = 0; j < m; j++)
				net->b[l][j] -= net->rate * d[k * m + j];
	}
}

static Real HAND(step)(HAND(Net) *net, const Real *target, const uint32_t *label, size_t lanes)
{
	HAND(forward)(net, lanes);
	Real loss = HAND(loss)(net, target, label, lanes);
	HAND(backward)(net, lanes);
	return loss;
}

// ---- Both sides on the same examples, in the same order

// `steps` steps of batches gathered in the order of `order`; returns the sum of the losses.
static double HAND(train)(HAND(Net) *net, const Real *data, size_t columns, const uint32_t *order, size_t lanes,
                          size_t steps)
{
	static uint32_t label[LANES];
	static Real target[LANES];
	double loss = 0;
	size_t n = net->size[0], m = net->size[net->layers];
	for (size_t s = 0; s < steps; s++) {
		for (size_t k = 0; k < lanes; k++) {
			const Real *row = data + order[(s * lanes + k) % EXAMPLES] * columns;
			memcpy(net->a[0] + k * n, row, n * sizeof *row);
			target[k] = row[n];
			label[k] = order[(s * lanes + k) % EXAMPLES] % (uint32_t)m;
		}
		loss += (double)HAND(step)(net, target, label, lanes);
	}
	return loss;
}

static double HAND(train_lifted)(Program *program, Node mean, Real *batch, const Real *data, size_t columns,
                                 const uint32_t *order, size_t lanes, size_t steps)
{
	double loss = 0;
	for (size_t s = 0; s < steps; s++) {
		for (size_t k = 0; k < lanes; k++)
			memcpy(batch + k * columns, data + order[(s * lanes + k) % EXAMPLES] * columns, columns * sizeof *batch);
		program_feed(program, batch, columns, (uint32_t)lanes);
		program_run(program);
		loss += program_value(program, mean, 0);
	}
	return loss;
}

// Gives the program the net's weights.
static void HAND(copy_weights)(const HAND(Net) *net, Program *program, const Model *model)
{
	size_t param = 0;
	for (size_t l = 0; l < net->layers; l++) {
		for (size_t i = 0; i < net->size[l] * net->size[l + 1]; i++)
			program_set(program, model->param[param++], (double)net->w[l][i]);
		for (size_t i = 0; i < net->size[l + 1]; i++)
			program_set(program, model->param[param++], 0);
	}
}

static void HAND(measure)(const Model *model, Program *program, const size_t *size, size_t layers, size_t lanes,
                          double rate[2])
{
	HAND(Net) net = {.layers = layers, .softmax = size[layers] > 1, .rate = (Real)RATE};
	memcpy(net.size, size, (layers + 1) * sizeof *size);
	size_t columns = program->columns, outputs = size[layers], steps = 1, operations = 0;
	for (size_t l = 0; l < layers; l++)
		operations += size[l] * size[l + 1];
	steps = 1 + (size_t)(6e9 / (double)(6 * operations * lanes + 30000));
	HAND(start)(&net, lanes);
	program_start(program, sizeof(Real) == sizeof(float) ? PROGRAM_SINGLE : PROGRAM_DOUBLE, (uint32_t)lanes);
	HAND(copy_weights)(&net, program, model);
	Real *data = HAND(numbers)(EXAMPLES * columns), *batch = HAND(numbers)(lanes * columns);
	static uint32_t order[EXAMPLES];
	uint64_t seed = 3;
	for (size_t e = 0; e < EXAMPLES; e++) {
		order[e] = (uint32_t)e;
		for (size_t i = 0; i < size[0]; i++)
			data[e * columns + i] = (Real)uniform(&seed);
		if (outputs > 1)
			data[e * columns + size[0] + e % outputs] = 1;
		else
			data[e * columns + size[0]] = (Real)uniform(&seed);
	}
	for (size_t e = EXAMPLES - 1; e > 0; e--) {
		size_t other = (size_t)((uniform(&seed) + 1) / 2 * (double)(e + 1)) % (e + 1);
		uint32_t kept = order[e];
		order[e] = order[other];
		order[other] = kept;
	}
	double seconds[2][ROUNDS];
	for (size_t round = 0; round < ROUNDS; round++) {
		double start = now();
		double hand = HAND(train)(&net, data, columns, order, lanes, steps);
		double middle = now();
		double lifted = HAND(train_lifted)(program, model->mean, batch, data, columns, order, lanes, steps);
		seconds[0][round] = middle - start;
		seconds[1][round] = now() - middle;
		if (!(fabs(hand - lifted) <= 1e-2 * (fabs(hand) + 1e-3 * (double)steps)))
			printf("  the losses differ: by hand %g, lifted %g\n", hand / (double)steps, lifted / (double)steps);
	}
	for (int side = 0; side < 2; side++)
		rate[side] = (double)(steps * lanes) / median(seconds[side], ROUNDS);
	free(data);
	free(batch);
	HAND(end)(&net);
}

#undef HAND
#undef HAND_MULTIPLY
#undef HAND_EXP
#undef HAND_LOG
#undef Real
