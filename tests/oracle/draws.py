"""The numbers that `~ normal(…)` and `~ uniform(…)` draw, written anew from what core/random.h says of them.

Philox4x32-10 (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): the key is the block of
(FNV-1a hash of the family's name, its length, 0) under the seed, a draw the block of (indices, their number) under the
key; of more than three indices the first half of the block is the key for the next three. A normal number is the
quantile at the odd multiple of 2^-53 that the upper 52 bits say, here at 50 digits.
"""

import functools
import struct

from mpmath import mp, mpf

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k0, b & MASK, a >> 32 ^ c[3] ^ k1, a & MASK]
        k0, k1 = k0 + 0x9E3779B9 & MASK, k1 + 0xBB67AE85 & MASK
    return c


# The authors' known answer for zeros.
assert philox((0, 0, 0, 0), (0, 0)) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def hashed(name):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h


def bits(family, index, seed):
    h = hashed(family)
    key = philox((h & MASK, h >> 32, len(family.encode()), 0), struct.unpack("<II", struct.pack("<Q", seed)))[:2]
    left = list(index)
    while True:
        taken, left = (left + [0, 0, 0])[:3] if len(left) < 3 else left[:3], left[3:]
        block = philox([i & MASK for i in taken] + [len(index)], key)
        key = block[:2]
        if not left:
            return block[1] << 32 | block[0]


@functools.lru_cache(maxsize=None)
def normal(family, *index, seed=1):
    p = ((bits(family, index, seed) >> 12) + mpf(1) / 2) / mpf(2) ** 52
    return mp.sqrt(2) * mp.erfinv(2 * p - 1)


def uniform(family, *index, seed=1):
    return mpf(bits(family, index, seed) >> 11) / mpf(2) ** 53
