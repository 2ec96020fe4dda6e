#pragma once
// What a record means here: understood, not understood yet, or from somebody who may not say such a
// thing. Every replica asks the same question and gets the same answer. Pure.

#include "core/domain/event.h"
#include "core/wire/record.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::storage {

/// Where the record comes from.
struct Provenance {
  EventRef ref;
  bool by_hub = false;
  SiteId site;  ///< of the feed it is in; a node speaks for its own site only
};

struct Interpretation {
  enum class Kind : std::uint8_t {
    kUnderstood,
    kParked,        ///< cannot be understood (yet): it parks what follows on its key
    kInadmissible,  ///< not this author's to say: kept, without effect
  };
  Kind kind = Kind::kParked;
  std::string reason;  ///< unless understood
  domain::Envelope meta;
  wire::Record record;  ///< as far as it could be read
  std::optional<domain::Event> event;
};

Interpretation interpret(const Provenance& from, BytesView octets);

/// How a program reads records: interpret(), or, for tests, what a program of another version would
/// make of them.
using Interpreter = Interpretation (*)(const Provenance& from, BytesView octets);

}  // namespace cairn::storage
