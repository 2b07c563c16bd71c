public import Domain
internal import Feedback
internal import Ledger
internal import SyncProtocol
internal import Synchronization

/// What a walk of the ledger found.
public struct LedgerFindings: Sendable {
  /// Events whose links hold.
  public var verified: Int
  /// The first fault; nil where there is none.
  public var fault: String?
  /// What is kept beside the events and cannot be read: it counts as not there.
  public var unreadable: [String]
  /// Days on which the head of a stream was signed, by whose key: this device's, another's.
  public var signed: (here: Int, elsewhere: Int) = (0, 0)
  /// The last head that this device's key signed.
  public var pinned: PinnedHead?
}

/// A head that is signed, as `ssh-keygen -Y check-novalidate -n mds-head` takes it.
public struct PinnedHead: Sendable {
  public var seq: Int
  public var at: Timestamp
  public var message: String
  public var signature: String
}

extension Workspace {
  /// From now on the head of the stream is signed once a day that something is saved on, and when the session ends.
  public func signHeads() { signing.withLock { $0 = .wanted } }

  /// Signs the head behind what waits to be written, where none was signed today.
  func signHeadSoon() {
    let name = stream.id
    guard signing.withLock({ $0.take(name, today: Machine.now.dayText) }) else { return }
    worker.submit { [self] ledger throws(LedgerError) in
      let stream = stream.id
      let today = Machine.now.dayText
      guard try ledger.signedHeads(of: stream).last?.at.dayText != today else { return }
      try signHead(of: stream, in: ledger)
    } failed: { _ in
    }
  }

  /// Signs the head as it is when a session ends.
  func signLastHead() async throws(Problem) {
    guard signing.withLock({ $0 != .off }) else { return }
    try await onLedger { [self] ledger throws(LedgerError) in try signHead(of: stream.id, in: ledger) }
  }

  private func signHead(of stream: StreamID, in ledger: Ledger) throws(LedgerError) {
    let head = try ledger.head(of: stream)
    // Without a key nothing is signed, and nothing is kept from the analyst for that; verify names no signature then.
    guard head.seq > 0, let key = try? DeviceKeyFile.key() else { return }
    var signed = SignedHead(stream: stream, head, at: Machine.now)
    guard let signature = key.signature(of: signed.digest, namespace: SSHSignature.heads) else { return }
    signed.signature = Array(signature.text.utf8)
    try ledger.keep(signed)
  }

  /// Works out anew from the events what stands on each case.
  public func rebuildStanding() async throws(Problem) {
    try await onLedger { ledger throws(LedgerError) in try ledger.rebuildProjection() }
  }

  /// Walks every chain of the ledger, asks SQLite about its pages, and looks at what was signed.
  public func verification() async throws(Problem) -> LedgerFindings {
    let (found, heads) = try await onLedger { ledger throws(LedgerError) in
      (try ledger.verify(), try ledger.signedHeads())
    }
    var findings = LedgerFindings(verified: found.verified, fault: found.fault, unreadable: found.unreadable)
    let own = DeviceKeyFile.isThere ? try? DeviceKeyFile.key().publicKey : nil
    for head in heads {
      let text = String(decoding: head.signature, as: UTF8.self)
      guard let signature = SSHSignature(text: text),
        signature.holds(for: head.digest, namespace: SSHSignature.heads)
      else {
        findings.fault = findings.fault ?? "the signature of event #\(head.seq) of \(head.at.dayText) does not hold"
        continue
      }
      guard signature.key == own else {
        findings.signed.elsewhere += 1
        continue
      }
      findings.signed.here += 1
      findings.pinned = PinnedHead(
        seq: head.seq, at: head.at, message: String(decoding: head.message, as: UTF8.self), signature: text)
    }
    return findings
  }
}

/// Whether heads are signed, and of which stream and on which day it was last seen to.
enum HeadSigning: Hashable, Sendable {
  case off
  case wanted
  case done(StreamID, String)

  /// Whether it is to be seen to for this stream on this day, for the first time.
  mutating func take(_ stream: StreamID, today: String) -> Bool {
    guard self != .off, self != .done(stream, today) else { return false }
    self = .done(stream, today)
    return true
  }
}

extension SignedHead {
  /// The SHA-512 of what is signed.
  fileprivate var digest: [UInt8] { SSHSignature.digest(of: message) }
}
