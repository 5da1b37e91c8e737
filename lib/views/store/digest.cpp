#include "views/store/digest.h"

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "views/rows/key.h"

namespace entente::views {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

void AddSized(EVP_MD_CTX* context, std::string_view bytes) {
  const std::string size = PackU64(bytes.size()).substr(4);
  EVP_DigestUpdate(context, size.data(), size.size());
  EVP_DigestUpdate(context, bytes.data(), bytes.size());
}

}  // namespace

RowsDigest DigestOfRows(const Snapshot& snapshot) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  RowsDigest digest;
  const std::string first = EndOf(Key(View::kStore).bytes());
  for (const auto rows = snapshot.Range(first, ""); rows->Valid(); rows->Next()) {
    AddSized(context.get(), rows->key());
    AddSized(context.get(), rows->value());
    ++digest.rows;
  }
  EVP_DigestFinal_ex(context.get(), digest.sha256.data(), nullptr);
  return digest;
}

}  // namespace entente::views
