// Lifted equals replay: nets of every kind that the design names, at five batch sizes, in both precisions, three updates
// each, with the loss, all steps or all nodes asked for.
#include "tests/test_lift.h"

#define SOFTMAX_NET(n, m, c) \
	"size n = " #n ", m = " #m ", c = " #c "\n" \
	"input x[1..n]\n" \
	"target y[0..c-1]\n" \
	"param w1[1..m, 1..n] ~ normal(0, sqrt(2/n))\n" \
	"param b1[1..m] = 0.1\n" \
	"param w2[0..c-1, 1..m] ~ normal(0, sqrt(2/m))\n" \
	"param b2[0..c-1] ~ normal(0, 1)\n" \
	"net[j=1..m] = sum(i=1..n, w1[j,i]*x[i]) + b1[j]\n" \
	"h[j=1..m]   = relu(net[j])\n" \
	"z[k=0..c-1] = sum(j=1..m, w2[k,j]*h[j]) + b2[k]\n" \
	"top         = max(k=0..c-1, z[k])\n" \
	"S           = sum(k=0..c-1, exp(z[k] - top))\n" \
	"p[k=0..c-1] = exp(z[k] - top)/S\n" \
	"L           = top + log(S) - sum(k=0..c-1, y[k]*z[k])\n" \
	"minimize L\n"

static const char *const nets[] = {
	// one neuron
	"input x\ntarget y\nparam w = 0.3, b = 0.1\nh = sigmoid(w*x + b)\nE = 1/2*(h - y)^2\nminimize E\nupdate sgd(rate = 0.5)\n",
	// families of 32 and of 288, which differ in one bit
	"input x\nparam a[1..32] ~ normal(0, 1)\nparam b[1..288] ~ normal(0, 1)\n"
	"E = x*sum(i=1..32, a[i]^2) + sum(i=1..288, b[i]^4)\nminimize E\nupdate momentum(rate = 0.001)\n",
	// 2-2-1
	"input x[1..2]\ntarget y\nparam w[1..2,1..2] ~ normal(0, 1)\nparam b[1..2] = 0.1\nparam v[1..2] ~ normal(0, 1)\n"
	"h[j=1..2] = tanh(sum(i=1..2, w[j,i]*x[i]) + b[j])\no = sum(j=1..2, v[j]*h[j])\nE = 1/2*(o - y)^2\n"
	"minimize E\nupdate sgd(rate = 0.1)\n",
	// two states that change places, one that takes the place of a third, and a delay of two updates
	"input x\nparam w = 0.3\nstate p = 1\nstate q = 2\nstate r = 3\nE = 1/2*(w*x*p - q + r)^2\nminimize E\n"
	"p+ = q\nq+ = p\nr+ = p\nupdate sgd(rate = 0.1)\n",
	"optimizer late(rate)\n  state v = 1\n  state u = 2\n  v+ = g\n  u+ = v\n  w+ = w - rate*u\nend\n"
	"input x[1..3]\nparam a[1..3] = 0.5\nE = 1/2*sum(i=1..3, a[i]*x[i] - 1)^2\nminimize E\nupdate late(rate = 0.1)\n",
	SOFTMAX_NET(4, 8, 3) "update sgd(rate = 0.1)\n",
	SOFTMAX_NET(9, 7, 10) "update momentum(rate = 0.1)\n",
	SOFTMAX_NET(4, 8, 3) "update nesterov(rate = 0.1)\n",
	SOFTMAX_NET(5, 6, 3) "update adam(rate = 0.01)\n",
	SOFTMAX_NET(5, 6, 3) "update adamw(rate = 0.01)\n",
	SOFTMAX_NET(5, 6, 3) "update rmsprop(rate = 0.01)\n",
	SOFTMAX_NET(5, 6, 3) "update sgd(rate = 0.1/(1 + t), decay = 0.01)\n",
	// unnamed sums: three factors under the batch sum
	"size n = 5, m = 4\ninput x[1..n]\ntarget y[1..n]\nparam w[1..m,1..n] ~ normal(0, 1)\nparam v[1..n,1..m] ~ normal(0, 1)\n"
	"h[j=1..m] = sigmoid(sum(i=1..n, w[j,i]*x[i]))\no[k=1..n] = tanh(sum(j=1..m, v[k,j]*h[j]))\n"
	"E = 1/2*sum(k=1..n, (o[k] - y[k])^2)\nminimize E\nupdate sgd(rate = 0.1)\n",
	// weights stored the other way round
	"size n = 5, m = 4\ninput x[1..n]\ntarget y[1..m]\nparam w[1..n,1..m] ~ normal(0, 1)\n"
	"h[j=1..m] = sigmoid(sum(i=1..n, w[i,j]*x[i]))\n"
	"E = 1/2*sum(k=1..m, (h[k] - y[k])^2)\nminimize E\nupdate adam(rate = 0.1)\n",
	// tied weights: an autoencoder
	"size n = 5, m = 3\ninput x[1..n]\nparam w[1..m,1..n] ~ normal(0, 1)\n"
	"h[j=1..m] = tanh(sum(i=1..n, w[j,i]*x[i]))\no[i=1..n] = sum(j=1..m, w[j,i]*h[j])\n"
	"E = 1/2*sum(i=1..n, (o[i] - x[i])^2)\nminimize E\nupdate sgd(rate = 0.05)\n",
	// recurrence, h[0] = 0, the same weights at every step
	"size T = 3\ninput x[1..T]\ntarget y\nparam w = 0.5, u = 1.0\nh[0] = 0\nh[t=1..T] = tanh(w*h[t-1] + u*x[t])\n"
	"E = 1/2*(h[T] - y)^2\nminimize E\nupdate sgd(rate = 0.1)\n",
	"size T = 4, n = 3, m = 5\ninput x[1..T, 1..n]\ntarget y[1..2]\nparam u[1..m,1..n] ~ normal(0, 0.5)\n"
	"param w[1..m,1..m] ~ normal(0, 0.5)\nparam b[1..m] = 0\nparam v[1..2,1..m] ~ normal(0, 0.5)\n"
	"h[0,j=1..m] = 0\n"
	"for t = 1..T\n  net[t,j=1..m] = sum(i=1..n, u[j,i]*x[t,i]) + sum(i=1..m, w[j,i]*h[t-1,i]) + b[j]\n"
	"  h[t,j=1..m] = tanh(net[t,j])\nend\no[k=1..2] = sum(j=1..m, v[k,j]*h[T,j])\n"
	"E = 1/2*sum(k=1..2, (o[k] - y[k])^2)\nminimize E\nupdate adam(rate = 0.01)\n",
	// a loss at every time step, sums that mix what varies and what does not
	"size T = 3, m = 3\ninput x[1..T]\ntarget y[1..T]\nparam w[1..m,1..m] ~ normal(0, 1)\nparam u[1..m] ~ normal(0, 1)\n"
	"param h0[1..m] = 0.1\nh[0,j=1..m] = h0[j]\n"
	"h[t=1..T,j=1..m] = tanh(sum(i=1..m, w[j,i]*h[t-1,i]) + u[j]*x[t])\n"
	"o[t=1..T] = sum(j=1..m, h[t,j])\nE = sum(t=1..T, (o[t] - y[t])^2)\nminimize E\nupdate sgd(rate = 0.01)\n",
	// two convolutions and a dense layer
	"size n = 7\ninput x[1..n,1..n]\ntarget y[1..2]\nparam k1[1..2,1..3,1..3] ~ normal(0, 0.5)\nparam a1[1..2] = 0.1\n"
	"param k2[1..3,1..2,1..3,1..3] ~ normal(0, 0.3)\nparam a2[1..3] = 0\nparam v[1..2,1..3,1..n-4,1..n-4] ~ normal(0, 0.3)\n"
	"c1[f=1..2,r=1..n-2,s=1..n-2] = sum(i=1..3,j=1..3, k1[f,i,j]*x[r+i-1,s+j-1]) + a1[f]\n"
	"h1[f=1..2,r=1..n-2,s=1..n-2] = relu(c1[f,r,s])\n"
	"c2[f=1..3,r=1..n-4,s=1..n-4] = sum(g=1..2,i=1..3,j=1..3, k2[f,g,i,j]*h1[g,r+i-1,s+j-1]) + a2[f]\n"
	"h2[f=1..3,r=1..n-4,s=1..n-4] = relu(c2[f,r,s])\n"
	"o[k=1..2] = sum(f=1..3,r=1..n-4,s=1..n-4, v[k,f,r,s]*h2[f,r,s])\n"
	"E = 1/2*sum(k=1..2, (o[k] - y[k])^2)\nminimize E\nupdate sgd(rate = 0.01)\n",
	// one dimension, borders of zeros
	"size n = 8\ninput x[1..n]\ntarget y\nparam k[1..2,0..2] ~ normal(0, 1)\nparam q[1..2,1..2,0..2] ~ normal(0, 1)\n"
	"z[0] = 0\nz[i=1..n] = x[i]\nz[n+1] = 0\n"
	"c[f=1..2,i=1..n] = relu(sum(d=0..2, k[f,d]*z[i+d-1]))\n"
	"e[f=1..2,0] = 0\ne[f=1..2,n+1] = 0\ne[f=1..2,i=1..n] = c[f,i]\n"
	"g[f=1..2,i=1..n] = sum(a=1..2,d=0..2, q[f,a,d]*e[a,i+d-1])\n"
	"E = sum(f=1..2,i=1..n, (g[f,i] - y)^2)\nminimize E\nupdate sgd(rate = 0.001)\n",
	// batch normalisation
	"size n = 4, m = 3\ninput x[1..n]\ntarget y[1..m]\nparam w[1..m,1..n] ~ normal(0, 1)\nparam gamma[1..m] = 1\nparam beta[1..m] = 0\n"
	"net[j=1..m] = sum(i=1..n, w[j,i]*x[i])\nmu[j=1..m] = batch_mean(net[j])\nvar[j=1..m] = batch_mean((net[j] - mu[j])^2)\n"
	"xhat[j=1..m] = (net[j] - mu[j])/sqrt(var[j] + 0.1)\nh[j=1..m] = gamma[j]*xhat[j] + beta[j]\n"
	"E = sum(j=1..m, (h[j] - y[j])^2)\nminimize E\nupdate sgd(rate = 0.01)\n",
	// weight decay in the loss, an own rule with a clipped gradient
	"size n = 3\ninput x[1..n]\ntarget y\nparam w[1..n] ~ normal(0, 1)\no = sum(i=1..n, w[i]*x[i])\n"
	"E = (o - y)^2 + 0.01*sum(i=1..n, w[i]^2)\n"
	"optimizer clipped(rate, limit = 1)\n  state v = 0\n  c = max(-limit, min(limit, g))\n  v+ = 0.9*v + c\n  w+ = w - rate*v+\nend\n"
	"minimize E\nupdate clipped(rate = 0.1/(1 + 0.01*t))\n",
	// params that depend on each other's old values: the update reads what it replaces
	"input x\ntarget y\nparam a = 0.5, b = -0.3\nstate s = 0.2, r = 0.1\no = a*x + b + s*r\nE = (o - y)^2\nminimize E\n"
	"s+ = r + a\nr+ = s\nupdate sgd(rate = 0.1)\n",
	// nothing varies
	"input x[1..3] = [0.1, 0.2, 0.3]\ntarget y = 1\nparam w[1..3,1..3] ~ normal(0, 1)\n"
	"h[j=1..3] = sigmoid(sum(i=1..3, w[j,i]*x[i]))\nE = (sum(j=1..3, h[j]) - y)^2\nminimize E\nupdate momentum(rate = 0.5)\n",
};

START_TEST(every_net)
{
	check_model(nets[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create(__FILE__);
	TCase *tcase = tcase_create(__FILE__);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, every_net, 0, (int)(sizeof nets / sizeof *nets));
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
