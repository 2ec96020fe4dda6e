#include "tests/core/wire/support/proto_fields.h"

#include <algorithm>
#include <stdexcept>

namespace cairn::wire::test {
namespace {

std::uint64_t take_varint(BytesView& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in.empty()) break;
    const auto octet = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(octet & 0x7FU) << shift;
    if ((octet & 0x80U) == 0) return value;
  }
  throw std::invalid_argument("not a varint");
}

Bytes take(BytesView& in, std::uint64_t size) {
  if (size > in.size()) throw std::invalid_argument("cut off");
  Bytes taken(in.substr(0, size));
  in.remove_prefix(size);
  return taken;
}

}  // namespace

Bytes varint(std::uint64_t value) {
  Bytes bytes;
  while (value >= 0x80U) {
    bytes.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::uint64_t zigzag(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value) << 1U;
  return value < 0 ? ~bits : bits;
}

ProtoFields::ProtoFields(BytesView message) {
  while (!message.empty()) {
    const std::uint64_t tag = take_varint(message);
    ProtoField field{
        static_cast<std::uint32_t>(tag >> 3U), static_cast<ProtoField::Kind>(tag & 7U), {}};
    switch (field.kind) {
      case ProtoField::Kind::kVarint:
        field.content = varint(take_varint(message));
        break;
      case ProtoField::Kind::kFixed64:
        field.content = take(message, 8);
        break;
      case ProtoField::Kind::kOctets:
        field.content = take(message, take_varint(message));
        break;
      default:
        throw std::invalid_argument("a kind of field that we never write");
    }
    fields_.push_back(std::move(field));
  }
}

Bytes ProtoFields::bytes() const {
  Bytes message;
  for (const ProtoField& field : fields_) {
    message += varint((std::uint64_t{field.number} << 3U) | static_cast<unsigned>(field.kind));
    if (field.kind == ProtoField::Kind::kOctets) message += varint(field.content.size());
    message += field.content;
  }
  return message;
}

const ProtoField& ProtoFields::at(std::uint32_t number) const {
  const auto found = std::ranges::find(fields_, number, &ProtoField::number);
  if (found == fields_.end()) throw std::out_of_range("no such field");
  return *found;
}

ProtoFields ProtoFields::nested(std::uint32_t number) const {
  return ProtoFields(at(number).content);
}

ProtoFields ProtoFields::without(std::uint32_t number) const {
  ProtoFields changed = *this;
  std::erase_if(changed.fields_, [number](const ProtoField& f) { return f.number == number; });
  return changed;
}

ProtoFields ProtoFields::with_varint(std::uint32_t number, std::uint64_t value) const {
  return with({number, ProtoField::Kind::kVarint, varint(value)});
}

ProtoFields ProtoFields::with_octets(std::uint32_t number, BytesView content) const {
  return with({number, ProtoField::Kind::kOctets, Bytes(content)});
}

ProtoFields ProtoFields::plus_octets(std::uint32_t number, BytesView content) const {
  ProtoFields changed = *this;
  changed.fields_.push_back({number, ProtoField::Kind::kOctets, Bytes(content)});
  return changed;
}

ProtoFields ProtoFields::with(const ProtoField& field) const {
  ProtoFields changed = *this;
  const auto found = std::ranges::find(changed.fields_, field.number, &ProtoField::number);
  if (found == changed.fields_.end()) {
    changed.fields_.push_back(field);
  } else {
    *found = field;
  }
  return changed;
}

}  // namespace cairn::wire::test
