#pragma once
// The built pages of a program: a folder that is read into memory once, at start, and answered from
// there. No request ever touches the disk, so that no path can lead out of the folder and a build
// that is replaced meanwhile cannot be served by halves. A file with `.br` or `.gz` behind its name
// is the same file compressed, and is sent to those who accept it.
//
// Loaded by the main thread, then read by all HTTP threads; nothing changes after load().

#include "core/base/result.h"
#include "core/runtime/http_message.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::runtime {

class StaticFiles {
 public:
  static constexpr std::size_t kOctetsMost = 64U << 20U;
  static constexpr std::size_t kFilesMost = 4096;

  /// Reads the whole folder, compressed twins too, but for what is in its folder `without`. Links
  /// within it are refused. Errors: kNotFound "no_pages_dir" (there is no such folder); kInvalid
  /// "bad_pages_dir" (too large, too many files, a link, something that cannot be read).
  static Result<StaticFiles> load(const std::filesystem::path& folder,
                                  std::size_t octets_most = kOctetsMost,
                                  std::string_view without = {});

  /// Answers GET or HEAD of a path within the folder, decoded, without a slash in front. `assets/*`
  /// may be kept for ever, their names change with their content; everything else is asked for
  /// again by its ETag (304). A path without a dot in its last segment, below a folder with an
  /// index.html, is that page: pages find their own way from there. Errors: kNotFound
  /// "no_such_path".
  [[nodiscard]] Result<HttpResponse> answer(std::string_view path,
                                            const HttpRequest& request) const;
  [[nodiscard]] bool has(std::string_view path) const { return files_.contains(path); }

  /// 16 hexadecimal digits over all names and contents: another build is another id.
  [[nodiscard]] const std::string& build() const { return build_; }
  /// Without the compressed twins.
  [[nodiscard]] std::size_t count() const { return files_.size(); }
  /// With them.
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  struct Content {
    std::string octets;
    std::string etag;  ///< Strong: each encoding has its own.
  };
  struct File {
    std::string_view content_type;
    bool immutable = false;
    Content plain;
    std::optional<Content> brotli;
    std::optional<Content> gzip;
  };

  [[nodiscard]] const File* find(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  ///< by the path within the folder
  std::string build_;
  std::size_t octets_ = 0;
};

/// The fields that keep a page from running, loading or being framed by anything but its own
/// program; StaticFiles::answer() sets them.
const HeaderFields& page_security_fields();

/// Where pages are if nobody says so: share/cairn/pages beside the folder of this program; nothing
/// if that is not there.
std::optional<std::filesystem::path> installed_pages();

}  // namespace cairn::runtime
