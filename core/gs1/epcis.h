#pragma once
// The words of EPCIS 2.0 and its Core Business Vocabulary (CBV 2.0) for what happens to goods here.
// Bare words, as the JSON schema of EPCIS 2.0 wants them; it refuses the older urn: forms. Any
// thread.

#include <cstdint>
#include <string_view>

namespace cairn::gs1 {

/// What people do with goods.
enum class Step : std::uint8_t {
  kPick,
  kPack,
  kUnpack,
  kStage,
  kLoad,
  kShip,
  kReceive,
  kPutAway,     ///< into the storeroom
  kPutOnFloor,  ///< onto the sales floor
  kSell,
  kTakeReturn,
  kFindDamage,
  kDestroy,
  kCount,  ///< in the storeroom
  kCountFloor,
};

struct EventWords {
  std::string_view event;  ///< "type" of the event
  std::string_view action;
  std::string_view biz_step;
  std::string_view disposition;
  friend bool operator==(const EventWords&, const EventWords&) = default;
};

EventWords words_for(Step step);

/// True for a word of CBV 2.0.
bool is_biz_step(std::string_view word);
bool is_disposition(std::string_view word);
bool is_business_transaction_type(std::string_view word);

}  // namespace cairn::gs1
