#pragma once
// What is wrong with data that claims to be GS1's, and where. The codes are a promise to callers:
// docs/gs1.md lists them with their meaning. Any thread.

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::gs1 {

enum class FaultCode : std::uint8_t {
  // The form of element strings and of what scanners send
  kUnknownAi,        ///< no application identifier begins here
  kLength,           ///< empty, too short or too long
  kCharset,          ///< a character that has no place here
  kTooManyElements,  ///< more than kMostElements
  kBrackets,         ///< not of the form (AI)value(AI)value
  // The content of a value
  kCheckDigit,
  kCheckCharacters,  ///< the pair at the end of a GMN
  kCompanyPrefix,    ///< the key does not begin with a GS1 Company Prefix
  kDate,
  kTime,
  kCurrency,
  kCountry,
  kZero,          ///< zero where none may be, or something else where zero must be
  kPieceOfTotal,  ///< piece 3 of 2, or of none
  kPercentEncoding,
  kCoordinate,
  kNotInList,  ///< not one of the values the standard lists
  kIban,
  kCoupon,
  // How elements go together
  kRepeatedAi,     ///< the same AI twice with different values
  kExcludedAi,     ///< two AIs that exclude each other
  kRequiredAi,     ///< an AI without another that it needs
  kMissingSerial,  ///< a signed key without its serial component
  // GS1 Digital Link
  kUri,           ///< no http or https URI with a host and a path
  kNoPrimaryKey,  ///< nothing in it that a link can be about
  kPathOrder,     ///< the AIs of the path are no key with its qualifiers in their order
  kDuplicateAi,
  kNotAttribute,   ///< the AI may not stand in a link's query
  kBelongsInPath,  ///< a qualifier of the key, in the query
  // Keys and variable measures
  kUnknownKey,
  kNumberSystem,  ///< UPC-E exists for number systems 0 and 1 only
  kNoTemplate,    ///< no template of the scheme fits the number
  kVerifier,      ///< the price verifier digit
  // The command line
  kSymbology,  ///< not one of those that are taken here
  kEscape,     ///< a backslash that is followed neither by xHH nor by a backslash
};

/// The code's stable name: "unknown_ai", "length", ...
std::string_view name_of(FaultCode code);

struct Fault {
  FaultCode code = FaultCode::kLength;
  /// A sentence for a person; printable, however hostile the data.
  std::string message;
  /// Octets before what is wrong, from the beginning of what was parsed.
  std::size_t position = 0;
  friend bool operator==(const Fault&, const Fault&) = default;
};

template <class T>
using Parsed = tl::expected<T, Fault>;

[[nodiscard]] inline tl::unexpected<Fault> fault(FaultCode code, std::string message,
                                                 std::size_t position) {
  return tl::unexpected<Fault>(Fault{code, std::move(message), position});
}

/// The same fault of a part that begins `offset` octets into the whole.
[[nodiscard]] inline Fault moved(Fault found, std::size_t offset) {
  found.position += offset;
  return found;
}

}  // namespace cairn::gs1
