#pragma once

#include <cstdint>

namespace cairn::bench {

/// What a record costs on its way: encoding, packing into a frame and back; and how large a frame
/// is. In turns with bare Protobuf and zstd.
void codec_probe(std::uint64_t rounds);

}  // namespace cairn::bench
