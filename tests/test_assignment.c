// The folder of an assignment: what is written is read back, and what was changed is noticed.
#include "tests/test_assignment.h"
#include "tests/test_model.h"

#include "tutor/explain/query.h"
#include "tutor/model/flatten.h"

static const char *const key = "correct horse battery staple";

static void fill(Assignment *a, const Secret *secret)
{
	static const char *const numbers[] = {"i1", "w1", "w5"};
	static const char *const questions[] = {"net_h1", "dE_total/dw5", "w1+", "formula:w1+", "find:1"};
	static const char *const ids[] = {"anna", "../../etc/passwd", "Björn, \"B\""};
	*a = (Assignment){.title = "Week 3", .model_name = "mazur", .text = MAZUR_TEXT,
	                  .size = strlen(MAZUR_TEXT), .significant = 5, .seed = UINT64_MAX, .finds = 1,
	                  .numbers = 3, .number = (const char **)numbers, .questions = 5, .variants = 3};
	a->fixed = arena_new(&a->arena, Setting);
	a->fixed[a->fixed_count++] = (Setting){"b2", 0.1 + 0.2};
	a->question = arena_array(&a->arena, Question, 5);
	a->variant = arena_array(&a->arena, Variant, 3);
	for (size_t i = 0; i < 5; i++)
		a->question[i] = question_of(questions[i]);
	a->question[1].points = 2.5;
	assignment_seal(a, secret);
	for (size_t i = 0; i < 3; i++) {
		Variant *variant = &a->variant[i];
		*variant = (Variant){.id = ids[i], .name = i ? "" : "Anna A.",
		                     .file = arena_printf(&a->arena, "%zu-x", i + 1)};
		variant->value = arena_array(&a->arena, double, 3);
		variant->found = arena_new(&a->arena, Mac);
		for (size_t k = 0; k < 3; k++)
			variant->value[k] = 0.07 + 0.1 * (double)i + (double)k / 3;
		variant->found[0] = assignment_commit(a, ids[i], 0, "dE_total/dnet_o1", secret);
		assignment_seal_variant(a, variant, secret);
	}
}

static void write_assignment(const char *folder, const char *name, const Secret *secret)
{
	Assignment a;
	Folder out;
	Error error = {0};
	char path[500];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	fill(&a, secret);
	ck_assert_msg(folder_open(&out, path, &error), "%s", error.message);
	assignment_write(&a, &out);
	ck_assert_msg(folder_close(&out, &error), "%s", error.message);
	assignment_free(&a);
}

static double model_value(Model *model, const char *name)
{
	Query query;
	Error error = {0};
	double value;
	ck_assert_msg(query_find(model, name, &query, &error), "%s", error.message);
	query_values(model, &query, 1, &value);
	return value;
}

START_TEST(what_is_written_is_read_back)
{
	char *folder = scratch_folder(), path[500];
	Secret secret;
	Assignment a, wanted;
	Error error = {0};
	must_read_secret(&secret, folder, key);
	write_assignment(folder, "a", &secret);
	fill(&wanted, &secret);
	snprintf(path, sizeof path, "%s/a", folder);
	ck_assert_msg(assignment_read(&a, path, &error), "%s:%d: %s", error.file, error.line, error.message);
	ck_assert_msg(assignment_verify(&a, &secret, &error), "%s", error.message);
	ck_assert_str_eq(a.title, wanted.title);
	ck_assert_uint_eq(a.seed, UINT64_MAX);
	ck_assert_int_eq(a.significant, 5);
	ck_assert_uint_eq(a.questions, 5);
	ck_assert_uint_eq(a.finds, 1);
	ck_assert_int_eq(a.question[3].kind, QUESTION_FORMULA);
	ck_assert_str_eq(a.question[3].of, "w1+");
	ck_assert(a.question[1].points == 2.5 && a.question[0].points == 1);
	for (size_t i = 0; i < 3; i++) {
		const Variant *v = assignment_find(&a, wanted.variant[i].id, &error);
		ck_assert_ptr_nonnull(v);
		ck_assert_str_eq(v->name, wanted.variant[i].name);
		ck_assert_mem_eq(v->value, wanted.variant[i].value, 3 * sizeof *v->value);
		ck_assert(assignment_is_found(&a, v, 0, "dE_total/dnet_o1", &secret));
		ck_assert(!assignment_is_found(&a, v, 0, "dE_total/dnet_o2", &secret));
		ck_assert(!assignment_is_found(&a, v, 1, "dE_total/dnet_o1", &secret));
		Model model;
		ck_assert_msg(assignment_model(&a, v, &model, &error), "%s", error.message);
		ck_assert(model_value(&model, "w1") == v->value[1]);
		ck_assert(model_value(&model, "b2") == 0.1 + 0.2);
		double net = v->value[1] * v->value[0] + 0.2 * 0.1 + 0.35;
		ck_assert_double_eq_tol(model_value(&model, "net_h1"), net, 1e-15);
		model_free(&model);
	}
	ck_assert(!assignment_find(&a, "ana", &error));
	ck_assert_ptr_nonnull(strstr(error.message, "'anna'"));
	assignment_free(&a);
	assignment_free(&wanted);
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

// Writes the file with the first `old` in it replaced by `new`.
static void replace(const char *path, const char *old, const char *new)
{
	Input input;
	Error error = {0};
	ck_assert(input_read(&input, path, &error));
	const char *at = strstr(input.text, old);
	ck_assert_msg(at, "%s has no %s", path, old);
	Output text = {0};
	output_bytes(&text, input.text, (size_t)(at - input.text));
	output_text(&text, new);
	output_text(&text, at + strlen(old));
	write_text(path, output_memory(&text));
	output_abandon(&text);
	input_free(&input);
}

static const struct {
	const char *file, *old, *new, *message;   // NULL where it is no error
} changes[] = {
	{"variants.csv", "0.07", "0.08", "the row of 'anna' was changed"},
	{"variants.csv", "0.17", "0.18", "the row of '../../etc/passwd' was changed"},
	{"variants.csv", "anna", "bert", "the row of 'bert' was changed"},
	{"variants.csv", "1-x", "7-x", "was changed"},
	{"variants.csv", "Anna A.", "Anna B.", "was changed"},
	{"variants.csv", "i1,w1", "w1,i1", "assignment.csv was changed"},
	{"variants.csv", ",0.07,", ",0.0700,", NULL},
	{"variants.csv", "1-x", "../x", "no name of a file"},
	{"variants.csv", "1-x", "2-x", "no name of a file"},
	{"variants.csv", "1-x", "", "no name of a file"},
	{"variants.csv", "0.07", "inf", "a number is wanted"},
	{"variants.csv", "0.07", "x", "not a number"},
	{"variants.csv", "id,file", "file,id", "column 1 must be 'id'"},
	{"variants.csv", "mac\n", "mcc\n", "must be 'mac'"},
	{"variants.csv", "../../etc/passwd", "anna", "'anna' has two rows"},
	{"variants.csv", "anna", "", "no student's id"},
	{"model.model", "0.30", "0.31", "was changed since"},
	{"assignment.csv", "question,w1+\n", "", "'w1+' is not asked for"},
	{"assignment.csv", "significant,5", "significant,4", "was changed since"},
	{"assignment.csv", "Week 3", "Week 4", "was changed since"},
	{"assignment.csv", "question,w1+\nquestion,formula:w1+\n", "question,formula:w1+\nquestion,w1+\n",
	 "was changed since"},
	{"assignment.csv", "significant,5", "significant,18", "from 1 to 17"},
	{"assignment.csv", "format,1", "format,2", "newer version"},
	{"assignment.csv", "format,1", "form,1", "has no 'form'"},
	{"assignment.csv", "question,find:1\n", "", "'find:1' is not asked for"},
	{"variants.csv", "find:1,", "", "8 cells in this row"},
	{"variants.csv", "w5,", "x5,", "assignment.csv was changed"},
	{"assignment.csv", "set:b2,0.3", "set:b2,0.4", "was changed since"},
	{"assignment.csv", "mac,", "mac,0", "no code"},
	{"points.csv", "w1+,1", "w1+,3", NULL},
	{"points.csv", "w1+,1", "w1+,-3", "points are"},
	{"points.csv", "w1+", "w9+", "'w9+' is not asked for"},
};

START_TEST(changes_are_noticed)
{
	char *folder = scratch_folder(), path[600];
	Secret secret;
	must_read_secret(&secret, folder, key);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		Assignment a;
		Error error = {0};
		char name[20];
		snprintf(name, sizeof name, "a%zu", i);
		write_assignment(folder, name, &secret);
		snprintf(path, sizeof path, "%s/%s/%s", folder, name, changes[i].file);
		replace(path, changes[i].old, changes[i].new);
		snprintf(path, sizeof path, "%s/%s", folder, name);
		bool read = assignment_read(&a, path, &error);
		bool good = read && assignment_verify(&a, &secret, &error);
		ck_assert_msg(good == !changes[i].message, "%zu: %s", i, error.message);
		ck_assert_msg(good || strstr(error.message, changes[i].message), "%zu: %s", i,
		              error.message);
		if (read)
			assignment_free(&a);
	}
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

START_TEST(another_secret_is_noticed)
{
	char *folder = scratch_folder(), path[500];
	Secret secret, other;
	Assignment a;
	Error error = {0};
	must_read_secret(&secret, folder, key);
	must_read_secret(&other, folder, "correct horse battery stapler");
	write_assignment(folder, "a", &secret);
	snprintf(path, sizeof path, "%s/a", folder);
	ck_assert(assignment_read(&a, path, &error));
	ck_assert(!assignment_verify(&a, &other, &error));
	assignment_free(&a);
	// A line's end behind the key does not count.
	secret_free(&other);
	must_read_secret(&other, folder, "correct horse battery staple\r\n");
	error = (Error){0};
	ck_assert(assignment_read(&a, path, &error));
	ck_assert_msg(assignment_verify(&a, &other, &error), "%s", error.message);
	assignment_free(&a);
	secret_free(&other);
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

// HMAC-SHA-256 of length-prefixed parts, by Python's hmac module.
START_TEST(codes_are_hmac_sha256)
{
	char *folder = scratch_folder(), text[MAC_TEXT_SIZE];
	Secret secret;
	must_read_secret(&secret, folder, "0123456789abcdef");
	Mac mac = secret_mac(&secret, "purpose", (const char *[]){"", "anna"}, 2);
	mac_text(&mac, text);
	ck_assert_str_eq(text, "713a48968aa3b13d6652192ddb5fef59b6cde724331273cc499e49c96f364f6f");
	ck_assert_uint_eq(mac_seed(&mac), UINT64_C(0x3db1a38a96483a71));
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

START_TEST(secrets_that_are_none_are_refused)
{
	char *folder = scratch_folder(), path[500];
	Secret secret;
	Error error = {0};
	snprintf(path, sizeof path, "%s/secret", folder);
	ck_assert(!secret_read(&secret, path, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "No such file"));
	error = (Error){0};
	write_text(path, "fifteen letters\n");
	ck_assert(!secret_read(&secret, path, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "at least 16"));
	error = (Error){0};
	ck_assert(!secret_create(path, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "File exists"));
	error = (Error){0};
	unlink(path);
	ck_assert(secret_create(path, &error));
	ck_assert(!secret_is_open(path));
	ck_assert(secret_read(&secret, path, &error));
	ck_assert_uint_eq(secret.size, 64);
	secret_free(&secret);
	remove_folder(folder);
}
END_TEST

START_TEST(used_files_are_put_in_their_places)
{
	char *folder = scratch_folder(), path[500], inner[500];
	Output output = {0};
	Error error = {0};
	snprintf(path, sizeof path, "%s/a.model", folder);
	snprintf(inner, sizeof inner, "%s/b.model", folder);
	write_text(inner, "param w = 0.5   # of b\nuse \"c.model\"");
	snprintf(inner, sizeof inner, "%s/c.model", folder);
	write_text(inner, "param u = 0.25");
	static const char text[] =
		"# use \"b.model\"\nuse \"b.model\"\r\nuse = w*u\nuse \"d.model\"\nminimize use\n";
	snprintf(inner, sizeof inner, "%s/d.model", folder);
	write_text(inner, "# nothing\n");
	ck_assert_msg(model_flatten(&output, path, text, strlen(text), NULL, &error), "%s",
	              error.message);
	ck_assert_str_eq(output_memory(&output),
	                 "# use \"b.model\"\nparam w = 0.5   # of b\nparam u = 0.25\n\n\r\n"
	                 "use = w*u\n# nothing\n\nminimize use\n");
	Model model;
	must_read(&model, output_memory(&output), &(ModelOptions){.seed = 1});
	ck_assert(model_value(&model, "use") == 0.125);
	model_free(&model);
	output_abandon(&output);
	remove_folder(folder);
}
END_TEST

START_TEST(a_folder_appears_whole_or_not_at_all)
{
	char *scratch = scratch_folder(), path[500], inner[500];
	Folder folder;
	Error error = {0};
	snprintf(path, sizeof path, "%s/out/", scratch);
	snprintf(inner, sizeof inner, "%s/out/sub/x.txt", scratch);
	ck_assert(folder_open(&folder, path, &error));
	folder_add(&folder, "sub");
	folder_write(&folder, "sub/x.txt", "abc", 3);
	ck_assert_int_ne(access(inner, F_OK), 0);
	ck_assert(folder_close(&folder, &error));
	ck_assert_int_eq(access(inner, F_OK), 0);
	ck_assert(!folder_open(&folder, path, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "is there already"));
	error = (Error){0};
	snprintf(path, sizeof path, "%s/other", scratch);
	ck_assert(folder_open(&folder, path, &error));
	folder_write(&folder, "none/x.txt", "abc", 3);
	folder_write(&folder, "y.txt", "abc", 3);
	ck_assert(!folder_close(&folder, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "other/none/x.txt': No such file"));
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(rmdir(scratch), -1);
	remove_folder(scratch);
}
END_TEST

SUITE(what_is_written_is_read_back, changes_are_noticed, another_secret_is_noticed,
      codes_are_hmac_sha256, secrets_that_are_none_are_refused, used_files_are_put_in_their_places,
      a_folder_appears_whole_or_not_at_all)
