public import SyncProtocol

/// Why a bundle is not taken in, or not further.
public enum BundleRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case unsigned(String)
  /// The signature is none, or not one of these bytes.
  case badSignature
  case unknownKey(String)
  case ambiguousKey(String, [String])
  /// The key was revoked as tokens are.
  case revokedKey(String)
  case localName(String)
  /// The file is no whole bundle; so many of its events were taken before.
  case fault(BundleFault, taken: Int)
  /// It carries something other than events.
  case noEvents
  case otherCollector(String)
  case foreignStream(owner: String)
  /// It was saved under a name that nobody said is the signer's.
  case formerName(String, analyst: String)
  /// The sender's stream is not the one that is held here: what it begins after, and where the collector stands.
  case lineage(base: Int, head: Int)
  case oversized(Int)
  case notTaken(Int, String)
  /// A content is not what its hash says, or larger than a collector takes.
  case content(String)
  /// The file changed between the two times that it was read.
  case changed

  /// Whether the collector lacks what comes before the bundle.
  var isBehind: Bool { if case .lineage(let base, let head) = self { head < base } else { false } }

  public var description: String {
    switch self {
    case .unsigned(let path): "there is no signature \(path); --unsigned --analyst NAME takes the bundle on your word"
    case .badSignature: "the signature is not one of this file: it was changed, or signed for another purpose"
    case .unknownKey(let key): "no line of allowed_signers lets \(key) sign bundles"
    case .ambiguousKey(let key, let names): "\(key) is several analysts' key: \(names.joined(separator: ", "))"
    case .revokedKey(let key): "\(key) was revoked"
    case .localName(let name): "\(name) is a name of analysts who are not enrolled; allowed_signers needs the analyst's"
    case .fault(let fault, let taken): "\(fault); \(taken) events of it are taken"
    case .noEvents: "this bundle carries no events for a collector"
    case .otherCollector(let id): "this bundle is for the collector \(id)"
    case .foreignStream(let owner): "the stream is \(owner)'s, not the signer's"
    case .formerName(let name, let analyst):
      "what is in this bundle was saved under the name \(name), and it is to be \(analyst)'s; nothing was taken. Where "
        + "both are one person, --formerly \(name) lets it in"
    case .lineage(let base, let head) where head < base:
      "this bundle begins after event #\(base), and only #\(head) is here: import the one before it. Where this collector was "
        + "restored, a receipt (--receipt) tells the analyst's tool what to write again, and so does `mds sync --to FILE "
        + "--after \(head)`"
    case .lineage(let base, let head):
      "the stream here (up to #\(head)) is not the one that the bundle goes on with after #\(base): the ledger was"
        + " copied or put back; a sync over the network sorts it out"
    case .oversized(let seq): "event #\(seq) is larger than this collector takes"
    case .notTaken(let seq, let words): "event #\(seq) was not taken: \(words)"
    case .content(let hash): "the content \(hash) is damaged or too large; the events are taken"
    case .changed: "the file changed while it was read"
    }
  }
}
