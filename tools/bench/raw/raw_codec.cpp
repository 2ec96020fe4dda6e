#include "tools/bench/raw/raw_codec.h"

#include "record.pb.h"
#include "stock_events.pb.h"

#include <zstd.h>

namespace cairn::bench::raw {

struct Codec::Messages {
  wire::v1::Record record;
  wire::v1::StockMoved moved;
  std::string octets;
};

Codec::Codec() : messages_(new Messages) {}
Codec::~Codec() { delete messages_; }

void Codec::parse(std::string_view record) {
  messages_->record.ParseFromArray(record.data(), static_cast<int>(record.size()));
  messages_->moved.ParseFromString(messages_->record.payload());
}

const std::string& Codec::serialize() {
  messages_->moved.SerializeToString(messages_->record.mutable_payload());
  messages_->record.SerializeToString(&messages_->octets);
  return messages_->octets;
}

std::string pack(const std::vector<std::string>& records) {
  std::string all;
  for (const std::string& record : records) all += record;
  std::string packed(ZSTD_compressBound(all.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), all.data(), all.size(), 1));
  return packed;
}

std::string unpack(std::string_view packed, std::size_t size) {
  std::string all(size, '\0');
  ZSTD_decompress(all.data(), all.size(), packed.data(), packed.size());
  return all;
}

}  // namespace cairn::bench::raw
