internal import Foundation
internal import Glibc
internal import Synchronization

/// Between a client and a server on loopback: passes everything on, until one connection is cut at a byte, or some of the
/// requests are, as chance has it.
final class CutProxy: Sendable {
  /// How a connection ends.
  enum Mode: CaseIterable, Sendable {
    /// As if the cable and the machine were gone: RST.
    case reset
    /// As if the other side had finished: FIN.
    case finish
    /// Nothing more comes, and nobody says so.
    case stall
  }

  enum Direction: CaseIterable, Sendable { case request, reply }

  struct Cut: Sendable {
    var direction: Direction
    /// So many bytes of the direction still pass, counted from when the cut is set.
    var offset: Int
    var mode: Mode
  }

  private struct State {
    var cut: Cut?
    var passed: [Direction: Int] = [:]
    var cuts = 0
    /// Which share of the requests is cut, they or their answers.
    var cutShare = 0.0
    var requests = 0
    /// Where the last bytes went: a request begins where they turn.
    var direction = Direction.reply
    var isClosed = false
  }

  let port: UInt16
  private let server: UInt16
  private let listener: Int32
  private let state = Mutex(State())

  init?(to server: UInt16) {
    guard let (listener, port) = CutProxy.listen() else { return nil }
    self.server = server
    self.listener = listener
    self.port = port
    Thread.detachNewThread { [self] in accept() }
  }

  private static func listen() -> (Int32, UInt16)? {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && Glibc.listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    return isBound ? (listener, UInt16(bigEndian: address.sin_port)) : nil
  }

  /// Sets the next cut, and counts from here.
  func set(_ cut: Cut?) {
    state.withLock {
      $0.cut = cut
      $0.passed = [:]
    }
  }

  /// From here on this share of the requests is cut, somewhere in them or in their answers.
  func cut(share: Double) { state.withLock { $0.cutShare = share } }

  /// How many requests came.
  var requests: Int { state.withLock { $0.requests } }

  /// Bytes that passed since the last `set`.
  func passed(_ direction: Direction) -> Int { state.withLock { $0.passed[direction] ?? 0 } }

  /// How many connections were cut.
  var cuts: Int { state.withLock { $0.cuts } }

  /// Takes no more connections; those that there are end with their sides.
  func close() {
    state.withLock { $0.isClosed = true }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0, !state.withLock({ $0.isClosed }) else { break }
      let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var address = CutProxy.loopback(server)
      let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isConnected else {
        Glibc.close(client)
        Glibc.close(upstream)
        continue
      }
      Thread.detachNewThread { [self] in relay(client, upstream) }
    }
    Glibc.close(listener)
  }

  /// Carries both directions of one connection until a side ends or it is cut.
  private func relay(_ client: Int32, _ upstream: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var isStalled = false
    carrying: while true {
      var waited = [
        pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
      ]
      // What stalls passes nothing more; the client's end is all that is waited for.
      if isStalled { waited.removeLast() }
      guard poll(&waited, nfds_t(waited.count), -1) > 0 else { break }
      if isStalled {
        if recv(client, &buffer, buffer.count, 0) > 0 { continue }
        break
      }
      for (index, direction) in [Direction.request, .reply].enumerated() where waited[index].revents != 0 {
        let (from, to) = direction == .request ? (client, upstream) : (upstream, client)
        let count = recv(from, &buffer, buffer.count, 0)
        guard count > 0 else { break carrying }
        let (passing, mode) = pass(count, direction)
        guard send(buffer, passing, to) else { break carrying }
        switch mode {
        case nil: break
        case .reset?:
          CutProxy.reset(client)
          CutProxy.reset(upstream)
          return
        case .finish?: break carrying
        case .stall?: isStalled = true
        }
      }
    }
    Glibc.close(client)
    Glibc.close(upstream)
  }

  /// How many of these bytes pass, and how the connection ends after them.
  private func pass(_ count: Int, _ direction: Direction) -> (Int, Mode?) {
    state.withLock { state in
      if direction == .request, state.direction == .reply {
        state.requests += 1
        if state.cut == nil, Double.random(in: 0..<1) < state.cutShare, let mode = Mode.allCases.randomElement() {
          let direction: Direction = Bool.random() ? .request : .reply
          let length = direction == .request ? 100_000 : 10_000
          state.cut = Cut(direction: direction, offset: .random(in: 0..<length), mode: mode)
          state.passed = [:]
        }
      }
      state.direction = direction
      let before = state.passed[direction] ?? 0
      guard let cut = state.cut, cut.direction == direction, cut.offset <= before + count else {
        state.passed[direction] = before + count
        return (count, nil)
      }
      state.cut = nil
      state.cuts += 1
      state.passed[direction] = cut.offset
      return (max(0, cut.offset - before), cut.mode)
    }
  }

  private func send(_ bytes: [UInt8], _ count: Int, _ to: Int32) -> Bool {
    var sent = 0
    while sent < count {
      let passed = bytes[sent..<count].withUnsafeBytes { Glibc.send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard passed > 0 else { return false }
      sent += passed
    }
    return true
  }

  private static func reset(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(descriptor)
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
