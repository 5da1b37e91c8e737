#include "views/store/digest.h"

#include <openssl/evp.h>

#include <string>

#include "views/rows/key.h"

namespace entente::views {

void RowHasher::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

RowHasher::RowHasher() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void RowHasher::Add(std::string_view key, std::string_view value) {
  AddSized(key);
  AddSized(value);
  ++digest_.rows;
}

RowsDigest RowHasher::Finish() {
  EVP_DigestFinal_ex(context_.get(), digest_.sha256.data(), nullptr);
  return digest_;
}

void RowHasher::AddSized(std::string_view bytes) {
  const std::string size = PackU64(bytes.size()).substr(4);
  EVP_DigestUpdate(context_.get(), size.data(), size.size());
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

Result<RowsDigest> DigestOfRows(const Snapshot& snapshot) {
  RowHasher hasher;
  const auto rows = snapshot.Range(EndOf(Key(View::kStore).bytes()), "");
  for (; rows->Valid(); rows->Next()) hasher.Add(rows->key(), rows->value());
  if (Status read = rows->status(); !read) return Fail(std::move(read).error());
  return hasher.Finish();
}

}  // namespace entente::views
