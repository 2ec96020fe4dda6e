#include "core/runtime/text_file.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace cairn::runtime {

Result<std::optional<std::string>> read_text_file(const std::filesystem::path& file,
                                                  std::size_t most) {
  const auto bad = [&file](std::string_view what) {
    return fail(ErrorCode::kInvalid, "bad_file", fmt::format("{} {}", file.string(), what));
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (status.type() != std::filesystem::file_type::regular) return bad("is not a plain file");
  std::ifstream in(file, std::ios::binary);
  std::string text(most + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open()) {
    return fail(ErrorCode::kUnavailable, "file_not_read",
                fmt::format("{} cannot be read", file.string()));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > most) return bad(fmt::format("has more than {} octets", most));
  if (!is_utf8(text)) return bad("is not UTF-8");
  return std::optional(std::move(text));
}

}  // namespace cairn::runtime
