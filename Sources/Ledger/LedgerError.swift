public import Domain
public import Feedback
internal import FileOutput
internal import GRDB
internal import Glibc

/// Why the ledger did not do what it was asked to. Nothing of a failed call was saved.
public enum LedgerError: Error, Hashable, Sendable {
  case cannotOpen(path: String, errno: Int32)
  /// The folder that it is to lie in cannot be made.
  case noFolder(path: String, errno: Int32)
  case missing(path: String)
  /// The file is something else: another program's, or a text.
  case notALedger(path: String)
  case symbolicLink(path: String)
  case notARegularFile(path: String)
  case foreignOwner(path: String)
  /// Others may write to it.
  case notPrivate(path: String)
  case cannotLock(errno: Int32)
  /// Another program has it open.
  case inUse(path: String)
  /// A later version of the program wrote it: it can be read, not written.
  case newer(version: Int)
  case readOnly
  case full
  /// The disk refused; connections were opened anew and the newest events checked.
  case disk(String)
  case damaged(String)
  /// A case has more values than one is kept with.
  case tooLarge(values: Int)
  /// The case with this number is not what was kept of it: somebody wrote into the file.
  case altered(case: Int)
  /// Another session judged the case with this number as it is now, with another record or answer than what was shown.
  case judgedOtherwise(case: Int)
  /// What is kept of what stands on a case, beside the events, cannot be read.
  case damagedStanding
  case busy
  case unknownStream(StreamID)
  case unknownEvent(EventID)
  case bound(to: RawText)
  case ended(StreamID)
  case invalid(EventBodyError)
  case nothingToUndo
  case nothingToRedo
  case sqlite(code: Int, message: String)
  case closed

  init(_ error: any Error) {
    switch error {
    case let error as LedgerError: self = error
    case let error as EventBodyError: self = .invalid(error)
    case let error as DatabaseError: self.init(database: error)
    default: self = .sqlite(code: 0, message: "\(error)")
    }
  }

  /// What a reading failed with: what has no proper form there is no fault of whoever asked.
  init(reading error: any Error) {
    switch error {
    case let error as EventBodyError: self = .damaged(error.reason)
    case let error as CanonicalJSON.Failure: self = .damaged("\(error)")
    case let error as JSONError: self = .damaged("\(error)")
    default: self.init(error)
    }
  }

  /// Opens a file; one that is no database has its name in the error, and one that was a database is damaged.
  static func unlessNoDatabase<Result>(_ path: String, _ open: () throws -> Result) throws -> Result {
    do {
      return try open()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      // Nothing has it open as a database: to look into it takes nobody's locks away.
      if KeptFile.isDatabase(path) { throw error }
      throw LedgerError.notALedger(path: path)
    }
  }

  private init(database error: DatabaseError) {
    let message = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_IOERR: self = .disk("\(error.extendedResultCode): \(message)")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(message)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_READONLY, .SQLITE_CANTOPEN: self = .readOnly
    // The tables were all there when it was opened.
    case .SQLITE_ERROR where message.hasPrefix("no such"): self = .damaged(message)
    default: self = .sqlite(code: Int(error.extendedResultCode.rawValue), message: message)
    }
  }

  /// The error as a person reads it.
  public var problem: Problem {
    switch self {
    case .cannotOpen(let path, EEXIST):
      Problem("\(path) is there already", advice: "name a new file", kind: .invalidInput)
    case .cannotOpen(let path, let errno):
      Problem(
        "the ledger \(path) cannot be opened: \(Self.words(errno))", advice: "check that its folder can be written")
    case .noFolder(let path, let errno):
      Problem(
        "the folder \(path) of the ledger cannot be made: \(Self.words(errno))",
        advice: "name another file: `ledger` in the context, or --ledger")
    case .missing(let path): Problem("\(path) is not there", kind: .invalidInput)
    case .notALedger(let path):
      Problem(
        "\(path) is no ledger: another program wrote it",
        advice: "name another file: `ledger` in the context, or --ledger", kind: .invalidInput)
    case .symbolicLink(let path): Problem("the ledger \(path) is a symbolic link", advice: "name the file itself")
    case .notARegularFile(let path): Problem("\(path) is no regular file")
    case .foreignOwner(let path): Problem("\(path) belongs to another user")
    case .notPrivate(let path): Problem("others may write to \(path)", advice: "chmod go-w \(path)")
    case .cannotLock(let errno): Problem("the ledger cannot be locked: \(Self.words(errno))")
    case .inUse(let path):
      Problem("the ledger \(path) is open in another program", advice: "close every session of mds that uses it")
    case .newer(let version):
      Problem(
        "the ledger was written by a later version of mds (format \(version))",
        advice: "update mds; until then it can be read and exported")
    case .readOnly: Problem("the ledger cannot be written", advice: "check the rights of its folder")
    case .full: Problem("not saved: the disk is full", advice: "free some space and save again")
    case .disk(let words): Problem("not saved: the disk refused", advice: "save again", detail: words)
    case .damaged(let words):
      Problem(
        "the ledger is damaged",
        advice:
          "mds ledger verify says where; if it cannot read the file either, put back a backup: mds ledger restore",
        detail: words)
    case .tooLarge(let values):
      Problem(
        "not kept: a record and its answer of \(values) values; a case holds at most \(CaseContents.most)",
        advice: "mds infer answers it without making a case", kind: .invalidInput)
    case .altered(let number):
      Problem(
        "not saved: case \(number) was altered in the ledger's file, and is not what was kept of it",
        advice: "put back a backup from before: mds ledger restore; mds ledger verify tells whether one has it whole")
    case .judgedOtherwise(let number):
      Problem(
        "not saved: case \(number) has another record or answer by now, and another session of yours said something of that",
        advice: "open the case again: what you began is kept", kind: .invalidInput)
    case .damagedStanding:
      Problem(
        "what is kept of what stands on a case is damaged",
        advice: "mds ledger verify --rebuild works it out anew from the events, which are kept apart")
    case .busy: Problem("the ledger is busy", advice: "try again")
    case .unknownStream(let id): Problem("the ledger has no stream \(id.hex)")
    case .unknownEvent(let id): Problem("the ledger has no event \(id.hex)")
    case .bound(let collector): Problem("the stream already belongs to \(collector.string)")
    case .ended(let id): Problem("the stream \(id.hex) has ended")
    case .invalid(let error): Problem("not saved: the event has no proper form", detail: error.reason)
    case .nothingToUndo: Problem("nothing to undo")
    case .nothingToRedo: Problem("nothing to redo")
    case .sqlite(_, let message): Problem("the ledger refused", detail: message)
    case .closed: Problem("the ledger is closed")
    }
  }

  private static func words(_ errno: Int32) -> String { String(cString: strerror(errno)) }
}
