#include "core/runtime/static_files.h"

#include "core/runtime/detail/accepted_encodings.h"

#include <Poco/DigestEngine.h>
#include <Poco/SHA1Engine.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <ios>
#include <system_error>
#include <utility>

namespace cairn::runtime {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view ending;
  std::string_view content_type;
};

constexpr std::array kKinds = {
    Kind{".html", "text/html; charset=utf-8"},
    Kind{".js", "text/javascript; charset=utf-8"},
    Kind{".mjs", "text/javascript; charset=utf-8"},
    Kind{".css", "text/css; charset=utf-8"},
    Kind{".svg", "image/svg+xml"},
    Kind{".woff2", "font/woff2"},
    Kind{".json", "application/json"},
    Kind{".webmanifest", "application/manifest+json"},
    Kind{".txt", "text/plain; charset=utf-8"},
    Kind{".png", "image/png"},
    Kind{".jpg", "image/jpeg"},
    Kind{".webp", "image/webp"},
    Kind{".ico", "image/x-icon"},
    Kind{".wav", "audio/wav"},
    Kind{".mp3", "audio/mpeg"},
};
constexpr std::string_view kUnknownType = "application/octet-stream";
constexpr std::string_view kAssets = "assets/";
constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kBrotliEnding = ".br";
constexpr std::string_view kGzipEnding = ".gz";
constexpr std::size_t kHashDigits = 16;

std::string_view content_type_of(std::string_view path) {
  const auto known = std::ranges::find_if(
      kKinds, [path](const Kind& kind) { return path.ends_with(kind.ending); });
  return known != kKinds.end() ? known->content_type : kUnknownType;
}

/// Tells builds apart; protects nothing.
std::string hash_of(std::string_view octets) {
  Poco::SHA1Engine engine;
  engine.update(octets.data(), octets.size());
  return Poco::DigestEngine::digestToHex(engine.digest()).substr(0, kHashDigits);
}

tl::unexpected<Error> bad_folder(const fs::path& folder, std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_pages_dir",
              fmt::format("cannot serve the pages in {}: {}", folder.string(), what));
}

using Octets = std::map<std::string, std::string, std::less<>>;

Result<std::string> read_file(const fs::path& folder, const std::string& path,
                              std::uintmax_t octets) {
  std::string text(octets, '\0');
  std::ifstream file(folder / path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(octets));
  if (!file || file.peek() != std::ifstream::traits_type::eof()) {
    return bad_folder(folder, fmt::format("{} cannot be read, or changes just now", path));
  }
  return text;
}

/// Every file below the folder by its path in it, but for those in its folder `without`.
Result<Octets> read_folder(const fs::path& folder, std::size_t octets_most,
                           std::string_view without) {
  Octets files;
  std::size_t sum = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string path = entry->path().lexically_relative(folder).generic_string();
    const fs::file_status status = entry->symlink_status(error);
    if (error) break;
    if (status.type() == fs::file_type::directory) {
      if (path == without) entry.disable_recursion_pending();
      continue;
    }
    if (status.type() != fs::file_type::regular) {
      return bad_folder(folder, fmt::format("{} is neither a file nor a folder", path));
    }
    const std::uintmax_t octets = entry->file_size(error);
    if (error) break;
    if (octets > octets_most - sum) {
      return bad_folder(folder, fmt::format("its files have more than {} MiB; is this the folder "
                                            "that the build of the pages writes?",
                                            octets_most >> 20U));
    }
    if (files.size() == StaticFiles::kFilesMost) {
      return bad_folder(folder, fmt::format("it has more than {} files", StaticFiles::kFilesMost));
    }
    auto text = read_file(folder, path, octets);
    if (!text) return fail(text.error());
    sum += text->size();
    files.emplace(path, std::move(*text));
  }
  if (error) return bad_folder(folder, error.message());
  return files;
}

/// Weak comparison (RFC 9110 §8.8.3.2) of If-None-Match with one tag.
bool matches(std::string_view wanted, std::string_view etag) {
  while (!wanted.empty()) {
    std::string_view tag = wanted.substr(0, wanted.find(','));
    wanted.remove_prefix(std::min(wanted.size(), tag.size() + 1));
    const auto first = tag.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    tag = tag.substr(first, tag.find_last_not_of(" \t") - first + 1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == etag) return true;
  }
  return false;
}

bool knows(const HttpRequest& request, std::string_view etag) {
  const auto [first, last] = request.headers.equal_range("If-None-Match");
  return std::any_of(first, last,
                     [etag](const auto& field) { return matches(field.second, etag); });
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const fs::path& folder, std::size_t octets_most,
                                      std::string_view without) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return fail(ErrorCode::kNotFound, "no_pages_dir",
                fmt::format("there is no folder {} to serve pages from", folder.string()));
  }
  auto files = read_folder(folder, octets_most, without);
  if (!files) return fail(files.error());
  StaticFiles loaded;
  std::string everything;
  for (const auto& [path, octets] : *files) {
    loaded.octets_ += octets.size();
    everything += fmt::format("{} {}\n", path, hash_of(octets));
  }
  loaded.build_ = hash_of(everything);
  const auto is_twin = [&files](std::string_view path) {
    const bool compressed = path.ends_with(kBrotliEnding) || path.ends_with(kGzipEnding);
    return compressed && files->contains(path.substr(0, path.rfind('.')));
  };
  const auto twin = [&files](const std::string& path, std::string_view ending,
                             std::string_view coding) -> std::optional<Content> {
    const auto found = files->find(path + std::string(ending));
    if (found == files->end()) return std::nullopt;
    return Content{found->second, fmt::format("\"{}-{}\"", hash_of(found->second), coding)};
  };
  for (const auto& [path, octets] : *files) {
    if (is_twin(path)) continue;
    loaded.files_.emplace(path,
                          File{content_type_of(path), path.starts_with(kAssets),
                               Content{octets, fmt::format("\"{}\"", hash_of(octets))},
                               twin(path, kBrotliEnding, "br"), twin(path, kGzipEnding, "gz")});
  }
  return loaded;
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
  if (const auto exact = files_.find(path); exact != files_.end()) return &exact->second;
  const std::string_view last = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  if (last.find('.') != std::string_view::npos) return nullptr;
  const std::string page(path.substr(0, path.find('/')));
  const auto index = files_.find(fmt::format("{}/{}", page, kIndex));
  return index != files_.end() ? &index->second : nullptr;
}

Result<HttpResponse> StaticFiles::answer(std::string_view path, const HttpRequest& request) const {
  const File* const file = find(path);
  if (file == nullptr) {
    return fail(ErrorCode::kNotFound, "no_such_path", "there is no such page and no such file");
  }
  const AcceptedEncodings accepted = accepted_encodings(request.headers);
  const Content* content = &file->plain;
  int wanted = accepted.identity;
  HttpResponse response;
  response.headers = page_security_fields();
  std::string_view coding;
  const auto offer = [&](const std::optional<Content>& twin, int weight, std::string_view name) {
    if (!twin || weight == 0 || weight < wanted) return;
    content = &*twin;
    wanted = weight;
    coding = name;
  };
  offer(file->gzip, accepted.gzip, "gzip");
  offer(file->brotli, accepted.brotli, "br");
  response.headers.emplace("ETag", content->etag);
  response.headers.emplace("Cache-Control",
                           file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file->gzip || file->brotli) response.headers.emplace("Vary", "Accept-Encoding");
  if (knows(request, content->etag)) {
    response.status = 304;
    return response;
  }
  if (!coding.empty()) response.headers.emplace("Content-Encoding", coding);
  response.content_type = file->content_type;
  response.body = content->octets;
  return response;
}

const HeaderFields& page_security_fields() {
  static const HeaderFields kFields = {
      {"Content-Security-Policy",
       "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"},
  };
  return kFields;
}

std::optional<fs::path> installed_pages() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const fs::path folder = program.parent_path().parent_path() / "share" / "cairn" / "pages";
  return fs::is_directory(folder, error) ? std::optional(folder) : std::nullopt;
}

}  // namespace cairn::runtime
