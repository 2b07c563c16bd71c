// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let shared = Target.Dependency.product(name: "MDSShared", package: "mds")
let testing = Target.Dependency.product(name: "MDSTesting", package: "mds")
let server: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
  .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
]

let package = Package(
  name: "mds-servers",
  products: [
    .executable(name: "mds-service", targets: ["mds-service"]),
    .executable(name: "mds-collector", targets: ["mds-collector"]),
  ],
  dependencies: [
    .package(name: "mds", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Without its default traits: reading its settings from files would double what there is to build.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
  ],
  targets: [
    .systemLibrary(name: "CXGBoost", providers: [.apt(["libxgboost-dev"])]),
    .systemLibrary(name: "CGzip", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CKafka", providers: [.apt(["librdkafka-dev"])]),
    .target(name: "Compression", dependencies: ["CGzip"], swiftSettings: strict),
    .target(
      name: "EmbeddedService", dependencies: ["CXGBoost", "Compression", shared] + server, swiftSettings: strict),
    .executableTarget(
      name: "mds-service", dependencies: ["EmbeddedService"] + server, swiftSettings: strict),
    .target(
      name: "Collector",
      dependencies: [
        "Compression", "CPostgres", "CKafka", shared, .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ] + server,
      swiftSettings: strict),
    .executableTarget(
      name: "mds-collector",
      dependencies: ["Collector", shared, .product(name: "ArgumentParser", package: "swift-argument-parser")] + server,
      swiftSettings: strict),
    .target(
      name: "InProcess",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"), .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      path: "Tests/InProcess", swiftSettings: strict),
    .testTarget(
      name: "CollectorTests",
      dependencies: [
        "Collector", "mds-collector", "Compression", "CKafka", "InProcess", shared, testing,
        .product(name: "MDSClient", package: "mds"), .product(name: "GRDB", package: "GRDB.swift"),
      ] + server,
      swiftSettings: strict),
    .testTarget(
      name: "WalkTests", dependencies: ["mds-service", "Compression", testing],
      swiftSettings: strict),
    .testTarget(
      name: "EmbeddedServiceTests",
      dependencies: ["EmbeddedService", "mds-service", "Compression", "InProcess", shared, testing] + server,
      swiftSettings: strict),
  ]
)
