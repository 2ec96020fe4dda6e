#pragma once
// Result<T>: a value or an Error. Anything that can fail at run time returns one. Any thread.

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace cairn {

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::kInvalid, "bad_gtin", "…");` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string reason,
                                                std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(reason), std::move(message)});
}

/// Hands an error on: `if (!r) return fail(r.error());`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace cairn
