#pragma once
// Barcodes read from drawn pictures by cairn-decode, the real one, in its own process.

#include <cstdint>
#include <string>

namespace cairn::bench {

/// `decoder`: the program. Each round draws `frames` other pictures of each kind of code and of
/// each style and reports how many were read, how many were read wrong, and how long the worker
/// took.
void decode_probe(const std::string& decoder, std::uint64_t rounds, std::uint64_t frames);

}  // namespace cairn::bench
