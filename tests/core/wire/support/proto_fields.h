#pragma once
// Protobuf messages field by field, written by hand: the tests take messages apart and put them
// together wrongly without the generated code that they test.

#include "core/base/bytes.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::wire::test {

struct ProtoField {
  enum class Kind : std::uint8_t { kVarint = 0, kFixed64 = 1, kOctets = 2 };
  std::uint32_t number = 0;
  Kind kind = Kind::kVarint;
  Bytes content;  ///< the varint's octets, the eight octets, or what follows the length
};

Bytes varint(std::uint64_t value);
/// As sint32 and sint64 are written.
std::uint64_t zigzag(std::int64_t value);

class ProtoFields {
 public:
  ProtoFields() = default;
  /// Throws std::invalid_argument for anything but a well-formed message.
  explicit ProtoFields(BytesView message);

  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] const std::vector<ProtoField>& fields() const { return fields_; }
  /// The first field of that number. Throws std::out_of_range.
  [[nodiscard]] const ProtoField& at(std::uint32_t number) const;
  /// The message inside the first field of that number.
  [[nodiscard]] ProtoFields nested(std::uint32_t number) const;

  /// Each changes a copy: without any field of that number, or with one of it in its place (at the
  /// end if there was none).
  [[nodiscard]] ProtoFields without(std::uint32_t number) const;
  [[nodiscard]] ProtoFields with_varint(std::uint32_t number, std::uint64_t value) const;
  [[nodiscard]] ProtoFields with_octets(std::uint32_t number, BytesView content) const;
  /// One more, behind all others.
  [[nodiscard]] ProtoFields plus_octets(std::uint32_t number, BytesView content) const;

 private:
  [[nodiscard]] ProtoFields with(const ProtoField& field) const;

  std::vector<ProtoField> fields_;
};

}  // namespace cairn::wire::test
