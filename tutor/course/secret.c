#include "tutor/course/secret.h"

#include "tutor/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_LIBSODIUM
#include <sodium.h>

static bool start(Error *error)
{
	return sodium_init() >= 0 || error_set(error, "libsodium cannot be started");
}

static void keep(Secret *secret, const Input *input)
{
	secret->size = input->size;
	while (secret->size && strchr("\r\n", input->text[secret->size - 1]))
		secret->size--;
	secret->bytes = sodium_malloc(secret->size + 1);
	if (secret->bytes)
		memcpy(secret->bytes, input->text, secret->size);
}

bool secret_read(Secret *secret, const char *path, Error *error)
{
	Input input;
	*secret = (Secret){0};
	if (!start(error) || !input_read_limited(&input, path, SECRET_MOST, error))
		return false;
	keep(secret, &input);
	sodium_memzero(input.text, input.size);
	input_free(&input);
	if (!secret->bytes)
		return error_set(error, "no memory for the secret");
	if (secret->size >= SECRET_LEAST)
		return true;
	error_set(error,
	          "the secret '%s' has %zu bytes; at least %d are wanted, so that nobody guesses it",
	          path, secret->size, SECRET_LEAST);
	secret_free(secret);
	return false;
}

void secret_free(Secret *secret)
{
	sodium_free(secret->bytes);
	*secret = (Secret){0};
}

static bool write_new(const char *path, const char *text, Error *error)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor < 0)
		return error_set(error, "cannot create the secret '%s': %s", path, strerror(errno));
	size_t size = strlen(text);
	bool well = write(descriptor, text, size) == (ssize_t)size && fsync(descriptor) == 0;
	well = close(descriptor) == 0 && well;
	if (!well)
		unlink(path);
	return well || error_set(error, "cannot write the secret '%s'", path);
}

bool secret_create(const char *path, Error *error)
{
	unsigned char key[32];
	char text[2 * sizeof key + 2];
	if (!start(error))
		return false;
	randombytes_buf(key, sizeof key);
	sodium_bin2hex(text, sizeof text - 1, key, sizeof key);
	text[2 * sizeof key] = '\n';
	text[2 * sizeof key + 1] = '\0';
	bool well = write_new(path, text, error);
	sodium_memzero(key, sizeof key);
	sodium_memzero(text, sizeof text);
	return well;
}

// A text, its length before it.
static void take(crypto_auth_hmacsha256_state *state, const char *text)
{
	size_t size = strlen(text);
	unsigned char length[8];
	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)size >> 8 * i);
	crypto_auth_hmacsha256_update(state, length, sizeof length);
	crypto_auth_hmacsha256_update(state, (const unsigned char *)text, size);
}

Mac secret_mac(const Secret *secret, const char *purpose, const char *const *text, size_t count)
{
	Mac mac;
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, secret->bytes, secret->size);
	take(&state, purpose);
	for (size_t i = 0; i < count; i++)
		take(&state, text[i]);
	crypto_auth_hmacsha256_final(&state, mac.byte);
	sodium_memzero(&state, sizeof state);
	return mac;
}

bool mac_equal(const Mac *a, const Mac *b)
{
	return sodium_memcmp(a->byte, b->byte, MAC_SIZE) == 0;
}

#else

static bool is_missing(Error *error)
{
	return error_set(error, "this program was built without libsodium, which keys the variants of "
	                        "students: 'make deps' installs it, then 'make clean all'");
}

bool secret_read(Secret *secret, const char *path, Error *error)
{
	(void)path;
	*secret = (Secret){0};
	return is_missing(error);
}

void secret_free(Secret *secret)
{
	*secret = (Secret){0};
}

bool secret_create(const char *path, Error *error)
{
	(void)path;
	return is_missing(error);
}

Mac secret_mac(const Secret *secret, const char *purpose, const char *const *text, size_t count)
{
	(void)secret, (void)purpose, (void)text, (void)count;
	return (Mac){{0}};
}

// Nothing is proven without the library.
bool mac_equal(const Mac *a, const Mac *b)
{
	(void)a, (void)b;
	return false;
}

#endif

bool secret_is_open(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077);
}

void mac_text(const Mac *mac, char text[MAC_TEXT_SIZE])
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < MAC_SIZE; i++) {
		text[2 * i] = digit[mac->byte[i] >> 4];
		text[2 * i + 1] = digit[mac->byte[i] & 15];
	}
	text[MAC_TEXT_SIZE - 1] = '\0';
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mac_parse(const char *text, Mac *mac)
{
	if (strlen(text) != MAC_TEXT_SIZE - 1)
		return false;
	for (size_t i = 0; i < MAC_SIZE; i++) {
		int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		mac->byte[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

uint64_t mac_seed(const Mac *mac)
{
	uint64_t seed = 0;
	for (int i = 0; i < 8; i++)
		seed |= (uint64_t)mac->byte[i] << 8 * i;
	return seed;
}
