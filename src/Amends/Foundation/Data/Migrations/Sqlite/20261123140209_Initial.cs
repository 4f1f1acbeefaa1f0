using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Amends.Foundation.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Access",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ActorKind = table.Column<byte>(type: "INTEGER", nullable: false),
                    ActorId = table.Column<long>(type: "INTEGER", nullable: false),
                    What = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Access", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AccessKey",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Scope = table.Column<byte>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeBy = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessKey", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Blob",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Length = table.Column<long>(type: "INTEGER", nullable: false),
                    Sha256 = table.Column<byte[]>(type: "BLOB", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: true),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: true),
                    ErasedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Blob", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BrakedMail",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BrakedMail", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BulkStep",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    FactIds = table.Column<string>(type: "TEXT", nullable: false),
                    Left = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BulkStep", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Calendar",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Zone = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Hours = table.Column<string>(type: "TEXT", nullable: false),
                    Holidays = table.Column<string>(type: "TEXT", nullable: false),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Calendar", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CannedText",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    TeamId = table.Column<long>(type: "INTEGER", nullable: true),
                    Retired = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CannedText", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CaseLetter",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseLetter", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CaseLink",
                columns: table => new
                {
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    OtherId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseLink", x => new { x.CaseId, x.OtherId });
                });

            migrationBuilder.CreateTable(
                name: "CaseMerge",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    FromId = table.Column<long>(type: "INTEGER", nullable: false),
                    IntoId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<long>(type: "INTEGER", nullable: false),
                    UndoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Moved = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseMerge", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CaseRead",
                columns: table => new
                {
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    UpTo = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseRead", x => new { x.ColleagueId, x.CaseId });
                });

            migrationBuilder.CreateTable(
                name: "Dispatch",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    FactIds = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Dispatch", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Draft",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    IsNote = table.Column<bool>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", nullable: true),
                    Cc = table.Column<string>(type: "TEXT", nullable: true),
                    SeenVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Draft", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ErasedId",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    What = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ErasedId", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ExternalRef",
                columns: table => new
                {
                    System = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    TargetId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExternalRef", x => new { x.System, x.Kind, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "Fact",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ActorKind = table.Column<byte>(type: "INTEGER", nullable: false),
                    ActorId = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    KindVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    TextDigest = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Fact", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FactSeal",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Block = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    FactIds = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Previous = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FactSeal", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FactText",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    FactId = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: true),
                    Field = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Before = table.Column<string>(type: "TEXT", nullable: true),
                    After = table.Column<string>(type: "TEXT", nullable: true),
                    Salt = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FactText", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "FetchedMail",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<long>(type: "INTEGER", nullable: false),
                    UidValidity = table.Column<long>(type: "INTEGER", nullable: false),
                    Uid = table.Column<long>(type: "INTEGER", nullable: false),
                    DeliveryId = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Trouble = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Received = table.Column<long>(type: "INTEGER", nullable: true),
                    Settled = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FetchedMail", x => new { x.MailboxId, x.Place, x.UidValidity, x.Uid });
                });

            migrationBuilder.CreateTable(
                name: "Holding",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    OrganisationId = table.Column<long>(type: "INTEGER", nullable: true),
                    Product = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Variant = table.Column<string>(type: "TEXT", nullable: true),
                    Batch = table.Column<string>(type: "TEXT", nullable: true),
                    Serial = table.Column<string>(type: "TEXT", nullable: true),
                    Contract = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: true),
                    Since = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Holding", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Job",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Lane = table.Column<byte>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    DedupeKey = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RunAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Fence = table.Column<int>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Error = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Job", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Mailbox",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    BrandId = table.Column<long>(type: "INTEGER", nullable: false),
                    Signature = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    TeamId = table.Column<long>(type: "INTEGER", nullable: false),
                    Retired = table.Column<bool>(type: "INTEGER", nullable: false),
                    ImapOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    ImapHost = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    ImapPort = table.Column<int>(type: "INTEGER", nullable: false),
                    ImapSecurity = table.Column<int>(type: "INTEGER", nullable: false),
                    ImapLogin = table.Column<byte>(type: "INTEGER", nullable: false),
                    ImapUser = table.Column<string>(type: "TEXT", maxLength: 320, nullable: true),
                    ImapAccount = table.Column<string>(type: "TEXT", maxLength: 320, nullable: true),
                    ImapSecret = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ImapFolder = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ImapThen = table.Column<byte>(type: "INTEGER", nullable: false),
                    ImapMoveTo = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ImapFrom = table.Column<long>(type: "INTEGER", nullable: true),
                    Receivers = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    OwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Receipts = table.Column<bool>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mailbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MailboxState",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    LeasedBy = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    GoodAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FailsSince = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<byte>(type: "INTEGER", nullable: true),
                    Said = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    NextTry = table.Column<long>(type: "INTEGER", nullable: true),
                    ToldAt = table.Column<long>(type: "INTEGER", nullable: true),
                    There = table.Column<int>(type: "INTEGER", nullable: false),
                    NotHere = table.Column<int>(type: "INTEGER", nullable: false),
                    NewestThere = table.Column<long>(type: "INTEGER", nullable: true),
                    NewestHere = table.Column<long>(type: "INTEGER", nullable: true),
                    OldUid = table.Column<long>(type: "INTEGER", nullable: false),
                    OldPlace = table.Column<long>(type: "INTEGER", nullable: false),
                    OldValidity = table.Column<long>(type: "INTEGER", nullable: false),
                    OldFrom = table.Column<long>(type: "INTEGER", nullable: true),
                    Generation = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailboxState", x => x.MailboxId);
                });

            migrationBuilder.CreateTable(
                name: "MailBrake",
                columns: table => new
                {
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: true),
                    LetGoAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailBrake", x => x.Kind);
                });

            migrationBuilder.CreateTable(
                name: "MailLink",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Purpose = table.Column<byte>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailLink", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotApology",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotApology", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Notification",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: true),
                    Of = table.Column<byte>(type: "INTEGER", nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Cause = table.Column<byte>(type: "INTEGER", nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: true),
                    WhoseId = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notification", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotPromise",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotPromise", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotThanks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotThanks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Organisation",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Sort = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Domains = table.Column<string>(type: "TEXT", nullable: true),
                    Place = table.Column<string>(type: "TEXT", nullable: true),
                    About = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Organisation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OutgoingMail",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<string>(type: "TEXT", maxLength: 250, nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    BlobId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    QueuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SendAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<string>(type: "TEXT", nullable: true),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: true),
                    ContactId = table.Column<long>(type: "INTEGER", nullable: true),
                    Automatic = table.Column<byte>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutgoingMail", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PersonWord",
                columns: table => new
                {
                    Word = table.Column<string>(type: "TEXT", maxLength: 41, nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonWord", x => new { x.Word, x.Kind, x.PersonId });
                });

            migrationBuilder.CreateTable(
                name: "Receipt",
                columns: table => new
                {
                    Address = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Receipt", x => new { x.Address, x.Day, x.CaseId });
                });

            migrationBuilder.CreateTable(
                name: "RecoveryCode",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecoveryCode", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Role",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Role", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SavedView",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    OwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<byte>(type: "INTEGER", nullable: true),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: true),
                    Severity = table.Column<byte>(type: "INTEGER", nullable: true),
                    TeamId = table.Column<long>(type: "INTEGER", nullable: true),
                    CaseOwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    TagId = table.Column<long>(type: "INTEGER", nullable: true),
                    Words = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedView", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SenderPictures",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SenderPictures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Sequence",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Next = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sequence", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "ServiceTarget",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: true),
                    Severity = table.Column<byte>(type: "INTEGER", nullable: true),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    OrganisationId = table.Column<long>(type: "INTEGER", nullable: true),
                    BrandId = table.Column<long>(type: "INTEGER", nullable: true),
                    FirstMinutes = table.Column<int>(type: "INTEGER", nullable: true),
                    FirstElapsed = table.Column<bool>(type: "INTEGER", nullable: false),
                    NextMinutes = table.Column<int>(type: "INTEGER", nullable: true),
                    NextElapsed = table.Column<bool>(type: "INTEGER", nullable: false),
                    SolutionMinutes = table.Column<int>(type: "INTEGER", nullable: true),
                    SolutionElapsed = table.Column<bool>(type: "INTEGER", nullable: false),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ServiceTarget", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Session",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: true),
                    ProvedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Session", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Setting",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Setting", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Tag",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Folded = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Retired = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tag", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Team",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Retired = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Team", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TimetableLease",
                columns: table => new
                {
                    Line = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: false),
                    LastRun = table.Column<long>(type: "INTEGER", nullable: false),
                    Error = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TimetableLease", x => x.Line);
                });

            migrationBuilder.CreateTable(
                name: "UnsealedFact",
                columns: table => new
                {
                    FactId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UnsealedFact", x => x.FactId);
                });

            migrationBuilder.CreateTable(
                name: "WriteKey",
                columns: table => new
                {
                    ActorKind = table.Column<byte>(type: "INTEGER", nullable: false),
                    ActorId = table.Column<long>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Digest = table.Column<string>(type: "TEXT", nullable: true),
                    Answer = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WriteKey", x => new { x.ActorKind, x.ActorId, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "Brand",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Colour = table.Column<string>(type: "TEXT", nullable: true),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    LogoBlobId = table.Column<long>(type: "INTEGER", nullable: true),
                    Signature = table.Column<string>(type: "TEXT", nullable: true),
                    ReceiptText = table.Column<string>(type: "TEXT", nullable: true),
                    CalendarId = table.Column<long>(type: "INTEGER", nullable: true),
                    IsDefault = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Brand", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Brand_Blob_LogoBlobId",
                        column: x => x.LogoBlobId,
                        principalTable: "Blob",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CaseFile",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    OfId = table.Column<long>(type: "INTEGER", nullable: false),
                    Of = table.Column<byte>(type: "INTEGER", nullable: false),
                    BlobId = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Length = table.Column<long>(type: "INTEGER", nullable: false),
                    Cid = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseFile", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CaseFile_Blob_BlobId",
                        column: x => x.BlobId,
                        principalTable: "Blob",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PeopleImport",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    FileName = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    BlobId = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    System = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    NoHeadings = table.Column<bool>(type: "INTEGER", nullable: false),
                    Why = table.Column<string>(type: "TEXT", nullable: true),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsDone = table.Column<int>(type: "INTEGER", nullable: false),
                    Made = table.Column<int>(type: "INTEGER", nullable: false),
                    Changed = table.Column<int>(type: "INTEGER", nullable: false),
                    Same = table.Column<int>(type: "INTEGER", nullable: false),
                    Refused = table.Column<int>(type: "INTEGER", nullable: false),
                    ByColleague = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PeopleImport", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PeopleImport_Blob_BlobId",
                        column: x => x.BlobId,
                        principalTable: "Blob",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LetterCode",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    LetterId = table.Column<long>(type: "INTEGER", nullable: false),
                    Digest = table.Column<byte[]>(type: "BLOB", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LetterCode", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LetterCode_CaseLetter_LetterId",
                        column: x => x.LetterId,
                        principalTable: "CaseLetter",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Delivery",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Sha256 = table.Column<byte[]>(type: "BLOB", nullable: false),
                    BlobId = table.Column<long>(type: "INTEGER", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EnvelopeFrom = table.Column<string>(type: "TEXT", nullable: true),
                    EnvelopeTo = table.Column<string>(type: "TEXT", nullable: true),
                    Way = table.Column<string>(type: "TEXT", nullable: false),
                    IsCut = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    ContactId = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<string>(type: "TEXT", nullable: true),
                    Sender = table.Column<string>(type: "TEXT", maxLength: 320, nullable: true),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Allowed = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Delivery", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Delivery_Blob_BlobId",
                        column: x => x.BlobId,
                        principalTable: "Blob",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Delivery_Mailbox_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "Mailbox",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MailGrant",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Login = table.Column<byte>(type: "INTEGER", nullable: false),
                    Account = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Refresh = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Access = table.Column<byte[]>(type: "BLOB", nullable: true),
                    AccessAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AccessUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    RenewAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Fence = table.Column<int>(type: "INTEGER", nullable: false),
                    LeasedBy = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<byte>(type: "INTEGER", nullable: true),
                    Said = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    NextTry = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailGrant", x => x.MailboxId);
                    table.ForeignKey(
                        name: "FK_MailGrant_Mailbox_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "Mailbox",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PendingSignIn",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    StateHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Login = table.Column<byte>(type: "INTEGER", nullable: false),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Redirect = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PendingSignIn", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PendingSignIn_Mailbox_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "Mailbox",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OutgoingRecipient",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    MailId = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Code = table.Column<int>(type: "INTEGER", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutgoingRecipient", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OutgoingRecipient_OutgoingMail_MailId",
                        column: x => x.MailId,
                        principalTable: "OutgoingMail",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Colleague",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    RoleId = table.Column<long>(type: "INTEGER", nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", nullable: true),
                    TotpKey = table.Column<byte[]>(type: "BLOB", nullable: true),
                    TotpUsed = table.Column<long>(type: "INTEGER", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", nullable: true),
                    Language = table.Column<string>(type: "TEXT", nullable: true),
                    Theme = table.Column<string>(type: "TEXT", nullable: true),
                    KeysOff = table.Column<bool>(type: "INTEGER", nullable: false),
                    Signature = table.Column<string>(type: "TEXT", nullable: true),
                    PageWhenAssigned = table.Column<bool>(type: "INTEGER", nullable: false),
                    PageWhenMentioned = table.Column<bool>(type: "INTEGER", nullable: false),
                    PageWhenAnswered = table.Column<bool>(type: "INTEGER", nullable: false),
                    PageWhenReopened = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailWhenAssigned = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailWhenMentioned = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailWhenAnswered = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailWhenReopened = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Colleague", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Colleague_Role_RoleId",
                        column: x => x.RoleId,
                        principalTable: "Role",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RolePermission",
                columns: table => new
                {
                    RoleId = table.Column<long>(type: "INTEGER", nullable: false),
                    Verb = table.Column<byte>(type: "INTEGER", nullable: false),
                    Scope = table.Column<byte>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RolePermission", x => new { x.RoleId, x.Verb });
                    table.ForeignKey(
                        name: "FK_RolePermission_Role_RoleId",
                        column: x => x.RoleId,
                        principalTable: "Role",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ImportColumn",
                columns: table => new
                {
                    ImportId = table.Column<long>(type: "INTEGER", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Field = table.Column<byte>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImportColumn", x => new { x.ImportId, x.Position });
                    table.ForeignKey(
                        name: "FK_ImportColumn_PeopleImport_ImportId",
                        column: x => x.ImportId,
                        principalTable: "PeopleImport",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ImportReject",
                columns: table => new
                {
                    ImportId = table.Column<long>(type: "INTEGER", nullable: false),
                    Row = table.Column<int>(type: "INTEGER", nullable: false),
                    Why = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImportReject", x => new { x.ImportId, x.Row });
                    table.ForeignKey(
                        name: "FK_ImportReject_PeopleImport_ImportId",
                        column: x => x.ImportId,
                        principalTable: "PeopleImport",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Absence",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    FromAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UntilAt = table.Column<long>(type: "INTEGER", nullable: false),
                    StandInId = table.Column<long>(type: "INTEGER", nullable: true),
                    Why = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Absence", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Absence_Colleague_ColleagueId",
                        column: x => x.ColleagueId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Customer",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Sort = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: true),
                    Zone = table.Column<string>(type: "TEXT", nullable: true),
                    Prefers = table.Column<string>(type: "TEXT", nullable: true),
                    Needs = table.Column<string>(type: "TEXT", nullable: true),
                    About = table.Column<string>(type: "TEXT", nullable: true),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: true),
                    MergedInto = table.Column<long>(type: "INTEGER", nullable: true),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CheckedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CheckedBy = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Customer", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Customer_Colleague_ColleagueId",
                        column: x => x.ColleagueId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "Officer",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    BrandId = table.Column<long>(type: "INTEGER", nullable: true),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Rank = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Officer", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Officer_Brand_BrandId",
                        column: x => x.BrandId,
                        principalTable: "Brand",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Officer_Colleague_ColleagueId",
                        column: x => x.ColleagueId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PromiseFeed",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PromiseFeed", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PromiseFeed_Colleague_ColleagueId",
                        column: x => x.ColleagueId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "TeamMember",
                columns: table => new
                {
                    TeamId = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Lead = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TeamMember", x => new { x.TeamId, x.ColleagueId });
                    table.ForeignKey(
                        name: "FK_TeamMember_Colleague_ColleagueId",
                        column: x => x.ColleagueId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_TeamMember_Team_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Team",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Case",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Exchange = table.Column<byte>(type: "INTEGER", nullable: false),
                    PhoneSince = table.Column<long>(type: "INTEGER", nullable: true),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    Severity = table.Column<byte>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    HeardBy = table.Column<byte>(type: "INTEGER", nullable: false),
                    HeardAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    ReporterId = table.Column<long>(type: "INTEGER", nullable: true),
                    OrganisationId = table.Column<long>(type: "INTEGER", nullable: true),
                    BrandId = table.Column<long>(type: "INTEGER", nullable: false),
                    TeamId = table.Column<long>(type: "INTEGER", nullable: false),
                    OwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    OwnedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Confidential = table.Column<bool>(type: "INTEGER", nullable: false),
                    FirstAnswerDue = table.Column<long>(type: "INTEGER", nullable: true),
                    FirstAnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastContactAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerWaitsSince = table.Column<long>(type: "INTEGER", nullable: true),
                    CameBackAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WaitUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    WaitFor = table.Column<string>(type: "TEXT", nullable: true),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ResolvedBy = table.Column<long>(type: "INTEGER", nullable: true),
                    Summary = table.Column<string>(type: "TEXT", nullable: true),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Confirmation = table.Column<byte>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SpamAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    MergedInto = table.Column<long>(type: "INTEGER", nullable: true),
                    ParentId = table.Column<long>(type: "INTEGER", nullable: true),
                    Handovers = table.Column<int>(type: "INTEGER", nullable: false),
                    PassedOnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NextStep = table.Column<byte>(type: "INTEGER", nullable: false),
                    NextStepAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NextStepWho = table.Column<long>(type: "INTEGER", nullable: true),
                    NextStepSays = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    PlanAgainAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Promised = table.Column<byte>(type: "INTEGER", nullable: false),
                    PromisedLateAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PromisedRiskAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PromisedBrokenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StandsFrom = table.Column<long>(type: "INTEGER", nullable: true),
                    ApologyIn = table.Column<long>(type: "INTEGER", nullable: true),
                    ApologyDue = table.Column<long>(type: "INTEGER", nullable: true),
                    ApologyEmptyAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EscalateAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Escalated = table.Column<string>(type: "TEXT", maxLength: 600, nullable: true),
                    EscalatedTo = table.Column<long>(type: "INTEGER", nullable: true),
                    EscalatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EscalatedFor = table.Column<byte>(type: "INTEGER", nullable: true),
                    EscalatedSince = table.Column<long>(type: "INTEGER", nullable: true),
                    NextAnswerDue = table.Column<long>(type: "INTEGER", nullable: true),
                    SolutionDue = table.Column<long>(type: "INTEGER", nullable: true),
                    WaitsForCustomer = table.Column<bool>(type: "INTEGER", nullable: false),
                    Paused = table.Column<string>(type: "TEXT", nullable: true),
                    FirstMissed = table.Column<long>(type: "INTEGER", nullable: true),
                    NextMissed = table.Column<long>(type: "INTEGER", nullable: true),
                    SolutionMissed = table.Column<long>(type: "INTEGER", nullable: true),
                    PastTargetFrom = table.Column<long>(type: "INTEGER", nullable: true),
                    TargetWatchAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Case", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Case_Brand_BrandId",
                        column: x => x.BrandId,
                        principalTable: "Brand",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Case_Colleague_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Case_Customer_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "Customer",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Case_Team_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Team",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CustomerAddress",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    Shown = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    BouncedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    BouncedWhy = table.Column<string>(type: "TEXT", nullable: true),
                    Tail = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    Claim = table.Column<string>(type: "TEXT", maxLength: 320, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CustomerAddress", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CustomerAddress_Customer_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "Customer",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Membership",
                columns: table => new
                {
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    OrganisationId = table.Column<long>(type: "INTEGER", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Membership", x => new { x.CustomerId, x.OrganisationId });
                    table.ForeignKey(
                        name: "FK_Membership_Customer_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "Customer",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Membership_Organisation_OrganisationId",
                        column: x => x.OrganisationId,
                        principalTable: "Organisation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CallAdvice",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    How = table.Column<byte>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallAdvice", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CallAdvice_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CaseTag",
                columns: table => new
                {
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    TagId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseTag", x => new { x.CaseId, x.TagId });
                    table.ForeignKey(
                        name: "FK_CaseTag_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_CaseTag_Tag_TagId",
                        column: x => x.TagId,
                        principalTable: "Tag",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Contact",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    Direction = table.Column<byte>(type: "INTEGER", nullable: false),
                    Channel = table.Column<byte>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: true),
                    FromName = table.Column<string>(type: "TEXT", nullable: true),
                    FromAddress = table.Column<string>(type: "TEXT", maxLength: 320, nullable: true),
                    To = table.Column<string>(type: "TEXT", nullable: true),
                    Cc = table.Column<string>(type: "TEXT", nullable: true),
                    Subject = table.Column<string>(type: "TEXT", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    Quoted = table.Column<string>(type: "TEXT", nullable: true),
                    HasHtml = table.Column<bool>(type: "INTEGER", nullable: false),
                    HasRemote = table.Column<bool>(type: "INTEGER", nullable: false),
                    RawBlobId = table.Column<long>(type: "INTEGER", nullable: true),
                    MessageId = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    Trust = table.Column<byte>(type: "INTEGER", nullable: false),
                    Same = table.Column<byte[]>(type: "BLOB", nullable: true),
                    AlsoTo = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Why = table.Column<byte>(type: "INTEGER", nullable: false),
                    Signals = table.Column<string>(type: "TEXT", nullable: true),
                    Automatic = table.Column<bool>(type: "INTEGER", nullable: false),
                    OnlyThanks = table.Column<bool>(type: "INTEGER", nullable: false),
                    Nature = table.Column<byte>(type: "INTEGER", nullable: false),
                    AwayUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    FilesLater = table.Column<bool>(type: "INTEGER", nullable: false),
                    Defects = table.Column<string>(type: "TEXT", nullable: true),
                    Number = table.Column<string>(type: "TEXT", nullable: true),
                    Seconds = table.Column<int>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<byte>(type: "INTEGER", nullable: true),
                    Apology = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    CopyOf = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contact", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Contact_Blob_RawBlobId",
                        column: x => x.RawBlobId,
                        principalTable: "Blob",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contact_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MailFollower",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 320, nullable: false),
                    Shown = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    ContactId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailFollower", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MailFollower_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Note",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    AuthorId = table.Column<long>(type: "INTEGER", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    EditedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Note", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Note_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OutOfTurn",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    TeamId = table.Column<long>(type: "INTEGER", nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Passed = table.Column<int>(type: "INTEGER", nullable: false),
                    Why = table.Column<byte>(type: "INTEGER", nullable: false),
                    TakenBackAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutOfTurn", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OutOfTurn_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Promise",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Named = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Quote = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    SaidIn = table.Column<long>(type: "INTEGER", nullable: true),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeBy = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueLocal = table.Column<long>(type: "INTEGER", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    KeeperId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    HalfAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AskAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RemindedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PassedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ProvedBy = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedWhy = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    Into = table.Column<long>(type: "INTEGER", nullable: true),
                    ToldIn = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Promise", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Promise_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Promise_Colleague_KeeperId",
                        column: x => x.KeeperId,
                        principalTable: "Colleague",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Promise_Customer_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "Customer",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Watcher",
                columns: table => new
                {
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    ColleagueId = table.Column<long>(type: "INTEGER", nullable: false),
                    Why = table.Column<byte>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Watcher", x => new { x.CaseId, x.ColleagueId });
                    table.ForeignKey(
                        name: "FK_Watcher_Case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CallBack",
                columns: table => new
                {
                    PromiseId = table.Column<long>(type: "INTEGER", nullable: false),
                    CaseId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    FromMinute = table.Column<int>(type: "INTEGER", nullable: true),
                    UntilMinute = table.Column<int>(type: "INTEGER", nullable: true),
                    Language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: true),
                    Script = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    ByOfficer = table.Column<bool>(type: "INTEGER", nullable: false),
                    ByCustomer = table.Column<bool>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    TriedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallBack", x => x.PromiseId);
                    table.ForeignKey(
                        name: "FK_CallBack_Promise_PromiseId",
                        column: x => x.PromiseId,
                        principalTable: "Promise",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "NewTime",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    PromiseId = table.Column<long>(type: "INTEGER", nullable: false),
                    DraftId = table.Column<long>(type: "INTEGER", nullable: false),
                    DueLocal = table.Column<long>(type: "INTEGER", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NewTime", x => x.Id);
                    table.ForeignKey(
                        name: "FK_NewTime_Draft_DraftId",
                        column: x => x.DraftId,
                        principalTable: "Draft",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_NewTime_Promise_PromiseId",
                        column: x => x.PromiseId,
                        principalTable: "Promise",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Absence_ColleagueId_UntilAt",
                table: "Absence",
                columns: new[] { "ColleagueId", "UntilAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Absence_UntilAt",
                table: "Absence",
                column: "UntilAt");

            migrationBuilder.CreateIndex(
                name: "IX_Access_Subject_Id",
                table: "Access",
                columns: new[] { "Subject", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AccessKey_Hash",
                table: "AccessKey",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Blob_CaseId",
                table: "Blob",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Blob_PersonId",
                table: "Blob",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_Blob_Place",
                table: "Blob",
                column: "Place",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BrakedMail_Kind_At",
                table: "BrakedMail",
                columns: new[] { "Kind", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Brand_LogoBlobId",
                table: "Brand",
                column: "LogoBlobId");

            migrationBuilder.CreateIndex(
                name: "IX_BulkStep_At",
                table: "BulkStep",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_CallAdvice_CaseId",
                table: "CallAdvice",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_CallAdvice_EndedAt",
                table: "CallAdvice",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_CallBack_CaseId",
                table: "CallBack",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Apology",
                table: "Case",
                column: "ApologyDue",
                filter: "\"State\" < 2 AND \"ApologyDue\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_BrandId",
                table: "Case",
                column: "BrandId");

            migrationBuilder.CreateIndex(
                name: "IX_Case_CustomerId_Id",
                table: "Case",
                columns: new[] { "CustomerId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Case_Deleted",
                table: "Case",
                columns: new[] { "LastContactAt", "Id" },
                filter: "\"DeletedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Escalate",
                table: "Case",
                column: "EscalateAt",
                filter: "\"State\" < 2 AND \"EscalateAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_MergedInto",
                table: "Case",
                column: "MergedInto",
                filter: "\"MergedInto\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Newest",
                table: "Case",
                columns: new[] { "LastContactAt", "Id", "State", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Case_Number",
                table: "Case",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Case_Open_Newest",
                table: "Case",
                columns: new[] { "LastContactAt", "Id", "State", "NextStepAt", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"State\" < 2");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Open_Next",
                table: "Case",
                columns: new[] { "NextStepAt", "Id", "State", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"State\" < 2");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Open_Owner",
                table: "Case",
                columns: new[] { "OwnerId", "NextStepAt", "Id", "State", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"State\" < 2");

            migrationBuilder.CreateIndex(
                name: "IX_Case_PastTarget",
                table: "Case",
                columns: new[] { "PastTargetFrom", "Id", "State", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"State\" < 2 AND \"PastTargetFrom\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Phone",
                table: "Case",
                columns: new[] { "PhoneSince", "Id", "State", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"PhoneSince\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_PlanAgain",
                table: "Case",
                column: "PlanAgainAt",
                filter: "\"PlanAgainAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_ReporterId_Id",
                table: "Case",
                columns: new[] { "ReporterId", "Id" },
                filter: "\"ReporterId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Resolved",
                table: "Case",
                columns: new[] { "State", "ResolvedAt", "LastContactAt", "Id", "OwnerId", "TeamId", "Confidential", "SpamAt", "MergedInto", "DeletedAt" },
                filter: "\"State\" = 2");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Risk",
                table: "Case",
                column: "PromisedRiskAt",
                filter: "\"State\" < 2 AND \"PromisedRiskAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Spam",
                table: "Case",
                columns: new[] { "LastContactAt", "Id" },
                filter: "\"SpamAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_TargetWatch",
                table: "Case",
                column: "TargetWatchAt",
                filter: "\"TargetWatchAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Case_Unanswered",
                table: "Case",
                columns: new[] { "TeamId", "HeardAt", "Id" },
                filter: "\"State\" < 2 AND \"FirstAnsweredAt\" IS NULL AND \"FirstAnswerDue\" IS NOT NULL AND \"MergedInto\" IS NULL AND \"SpamAt\" IS NULL AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_CaseFile_BlobId",
                table: "CaseFile",
                column: "BlobId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseFile_CaseId",
                table: "CaseFile",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseFile_OfId",
                table: "CaseFile",
                column: "OfId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseLetter_CaseId",
                table: "CaseLetter",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseLetter_TokenHash",
                table: "CaseLetter",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CaseLink_OtherId",
                table: "CaseLink",
                column: "OtherId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseMerge_FromId",
                table: "CaseMerge",
                column: "FromId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseMerge_IntoId",
                table: "CaseMerge",
                column: "IntoId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseTag_TagId",
                table: "CaseTag",
                column: "TagId");

            migrationBuilder.CreateIndex(
                name: "IX_Colleague_Address",
                table: "Colleague",
                column: "Address",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Colleague_RoleId",
                table: "Colleague",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_Contact_CaseId_At",
                table: "Contact",
                columns: new[] { "CaseId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_FilesLater",
                table: "Contact",
                column: "FilesLater",
                filter: "\"FilesLater\"");

            migrationBuilder.CreateIndex(
                name: "IX_Contact_MessageId",
                table: "Contact",
                column: "MessageId",
                filter: "\"MessageId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contact_RawBlobId",
                table: "Contact",
                column: "RawBlobId");

            migrationBuilder.CreateIndex(
                name: "IX_Contact_Same",
                table: "Contact",
                column: "Same",
                unique: true,
                filter: "\"Same\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Customer_ColleagueId",
                table: "Customer",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_Customer_MergedInto",
                table: "Customer",
                column: "MergedInto",
                filter: "\"MergedInto\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Customer_Sort_Id",
                table: "Customer",
                columns: new[] { "Sort", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CustomerAddress_Claim",
                table: "CustomerAddress",
                column: "Claim",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CustomerAddress_CustomerId",
                table: "CustomerAddress",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_CustomerAddress_Tail",
                table: "CustomerAddress",
                column: "Tail",
                filter: "\"Tail\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_CustomerAddress_Value_CustomerId",
                table: "CustomerAddress",
                columns: new[] { "Value", "CustomerId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_BlobId",
                table: "Delivery",
                column: "BlobId");

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_ContactId",
                table: "Delivery",
                column: "ContactId",
                filter: "\"ContactId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_MailboxId_Sha256",
                table: "Delivery",
                columns: new[] { "MailboxId", "Sha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_Sender_ReceivedAt",
                table: "Delivery",
                columns: new[] { "Sender", "ReceivedAt" },
                filter: "\"Sender\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_State",
                table: "Delivery",
                column: "State",
                filter: "\"State\" <> 1");

            migrationBuilder.CreateIndex(
                name: "IX_Draft_CaseId_ColleagueId_IsNote",
                table: "Draft",
                columns: new[] { "CaseId", "ColleagueId", "IsNote" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ExternalRef_Kind_TargetId",
                table: "ExternalRef",
                columns: new[] { "Kind", "TargetId" });

            migrationBuilder.CreateIndex(
                name: "IX_Fact_Subject_Id",
                table: "Fact",
                columns: new[] { "Subject", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_FactSeal_Block",
                table: "FactSeal",
                column: "Block",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_FactText_FactId",
                table: "FactText",
                column: "FactId");

            migrationBuilder.CreateIndex(
                name: "IX_FactText_PersonId",
                table: "FactText",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_Holding_CustomerId",
                table: "Holding",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_Holding_OrganisationId",
                table: "Holding",
                column: "OrganisationId");

            migrationBuilder.CreateIndex(
                name: "IX_Holding_Product_Batch",
                table: "Holding",
                columns: new[] { "Product", "Batch" });

            migrationBuilder.CreateIndex(
                name: "IX_Job_DedupeKey",
                table: "Job",
                column: "DedupeKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Job_Lane_State_RunAt",
                table: "Job",
                columns: new[] { "Lane", "State", "RunAt" });

            migrationBuilder.CreateIndex(
                name: "IX_LetterCode_LetterId",
                table: "LetterCode",
                column: "LetterId");

            migrationBuilder.CreateIndex(
                name: "IX_Mailbox_Address",
                table: "Mailbox",
                column: "Address",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MailFollower_CaseId_Address",
                table: "MailFollower",
                columns: new[] { "CaseId", "Address" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MailLink_ColleagueId",
                table: "MailLink",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_MailLink_TokenHash",
                table: "MailLink",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Membership_OrganisationId",
                table: "Membership",
                column: "OrganisationId");

            migrationBuilder.CreateIndex(
                name: "IX_NewTime_DraftId_PromiseId",
                table: "NewTime",
                columns: new[] { "DraftId", "PromiseId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_NewTime_PromiseId",
                table: "NewTime",
                column: "PromiseId");

            migrationBuilder.CreateIndex(
                name: "IX_NotApology_Words",
                table: "NotApology",
                column: "Words",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Note_CaseId",
                table: "Note",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Notification_CaseId",
                table: "Notification",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Notification_ColleagueId_SeenAt",
                table: "Notification",
                columns: new[] { "ColleagueId", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_NotThanks_Words",
                table: "NotThanks",
                column: "Words");

            migrationBuilder.CreateIndex(
                name: "IX_Officer_BrandId",
                table: "Officer",
                column: "BrandId");

            migrationBuilder.CreateIndex(
                name: "IX_Officer_ColleagueId",
                table: "Officer",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_Organisation_Sort_Id",
                table: "Organisation",
                columns: new[] { "Sort", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMail_Automatic_QueuedAt",
                table: "OutgoingMail",
                columns: new[] { "Automatic", "QueuedAt" },
                filter: "\"Automatic\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMail_CaseId",
                table: "OutgoingMail",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMail_ContactId",
                table: "OutgoingMail",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMail_MessageId",
                table: "OutgoingMail",
                column: "MessageId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMail_State_SendAt",
                table: "OutgoingMail",
                columns: new[] { "State", "SendAt" });

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingRecipient_MailId",
                table: "OutgoingRecipient",
                column: "MailId");

            migrationBuilder.CreateIndex(
                name: "IX_OutOfTurn_CaseId",
                table: "OutOfTurn",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_OutOfTurn_TeamId_At",
                table: "OutOfTurn",
                columns: new[] { "TeamId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_PendingSignIn_MailboxId",
                table: "PendingSignIn",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_PendingSignIn_StateHash",
                table: "PendingSignIn",
                column: "StateHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PeopleImport_BlobId",
                table: "PeopleImport",
                column: "BlobId");

            migrationBuilder.CreateIndex(
                name: "IX_PersonWord_Kind_PersonId",
                table: "PersonWord",
                columns: new[] { "Kind", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonWord_Word",
                table: "PersonWord",
                column: "Word");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_CaseId",
                table: "Promise",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_CustomerId",
                table: "Promise",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_Due",
                table: "Promise",
                columns: new[] { "DueAt", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Promise_Ended",
                table: "Promise",
                columns: new[] { "EndedAt", "State" },
                filter: "\"EndedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_Open_Due",
                table: "Promise",
                column: "DueAt",
                filter: "\"State\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_Open_Keeper",
                table: "Promise",
                columns: new[] { "KeeperId", "DueAt" },
                filter: "\"State\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_SaidIn",
                table: "Promise",
                column: "SaidIn",
                filter: "\"SaidIn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Promise_ToldIn",
                table: "Promise",
                column: "ToldIn",
                filter: "\"ToldIn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PromiseFeed_ColleagueId",
                table: "PromiseFeed",
                column: "ColleagueId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PromiseFeed_Hash",
                table: "PromiseFeed",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryCode_ColleagueId",
                table: "RecoveryCode",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_Role_Name",
                table: "Role",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SavedView_OwnerId",
                table: "SavedView",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_SenderPictures_ColleagueId_Address",
                table: "SenderPictures",
                columns: new[] { "ColleagueId", "Address" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Session_ColleagueId",
                table: "Session",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_Session_TokenHash",
                table: "Session",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Tag_Folded",
                table: "Tag",
                column: "Folded",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Team_Name",
                table: "Team",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TeamMember_ColleagueId",
                table: "TeamMember",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_Watcher_ColleagueId",
                table: "Watcher",
                column: "ColleagueId");

            migrationBuilder.CreateIndex(
                name: "IX_WriteKey_At",
                table: "WriteKey",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Absence");

            migrationBuilder.DropTable(
                name: "Access");

            migrationBuilder.DropTable(
                name: "AccessKey");

            migrationBuilder.DropTable(
                name: "BrakedMail");

            migrationBuilder.DropTable(
                name: "BulkStep");

            migrationBuilder.DropTable(
                name: "Calendar");

            migrationBuilder.DropTable(
                name: "CallAdvice");

            migrationBuilder.DropTable(
                name: "CallBack");

            migrationBuilder.DropTable(
                name: "CannedText");

            migrationBuilder.DropTable(
                name: "CaseFile");

            migrationBuilder.DropTable(
                name: "CaseLink");

            migrationBuilder.DropTable(
                name: "CaseMerge");

            migrationBuilder.DropTable(
                name: "CaseRead");

            migrationBuilder.DropTable(
                name: "CaseTag");

            migrationBuilder.DropTable(
                name: "Contact");

            migrationBuilder.DropTable(
                name: "CustomerAddress");

            migrationBuilder.DropTable(
                name: "Delivery");

            migrationBuilder.DropTable(
                name: "Dispatch");

            migrationBuilder.DropTable(
                name: "ErasedId");

            migrationBuilder.DropTable(
                name: "ExternalRef");

            migrationBuilder.DropTable(
                name: "Fact");

            migrationBuilder.DropTable(
                name: "FactSeal");

            migrationBuilder.DropTable(
                name: "FactText");

            migrationBuilder.DropTable(
                name: "FetchedMail");

            migrationBuilder.DropTable(
                name: "Holding");

            migrationBuilder.DropTable(
                name: "ImportColumn");

            migrationBuilder.DropTable(
                name: "ImportReject");

            migrationBuilder.DropTable(
                name: "Job");

            migrationBuilder.DropTable(
                name: "LetterCode");

            migrationBuilder.DropTable(
                name: "MailboxState");

            migrationBuilder.DropTable(
                name: "MailBrake");

            migrationBuilder.DropTable(
                name: "MailFollower");

            migrationBuilder.DropTable(
                name: "MailGrant");

            migrationBuilder.DropTable(
                name: "MailLink");

            migrationBuilder.DropTable(
                name: "Membership");

            migrationBuilder.DropTable(
                name: "NewTime");

            migrationBuilder.DropTable(
                name: "NotApology");

            migrationBuilder.DropTable(
                name: "Note");

            migrationBuilder.DropTable(
                name: "Notification");

            migrationBuilder.DropTable(
                name: "NotPromise");

            migrationBuilder.DropTable(
                name: "NotThanks");

            migrationBuilder.DropTable(
                name: "Officer");

            migrationBuilder.DropTable(
                name: "OutgoingRecipient");

            migrationBuilder.DropTable(
                name: "OutOfTurn");

            migrationBuilder.DropTable(
                name: "PendingSignIn");

            migrationBuilder.DropTable(
                name: "PersonWord");

            migrationBuilder.DropTable(
                name: "PromiseFeed");

            migrationBuilder.DropTable(
                name: "Receipt");

            migrationBuilder.DropTable(
                name: "RecoveryCode");

            migrationBuilder.DropTable(
                name: "RolePermission");

            migrationBuilder.DropTable(
                name: "SavedView");

            migrationBuilder.DropTable(
                name: "SenderPictures");

            migrationBuilder.DropTable(
                name: "Sequence");

            migrationBuilder.DropTable(
                name: "ServiceTarget");

            migrationBuilder.DropTable(
                name: "Session");

            migrationBuilder.DropTable(
                name: "Setting");

            migrationBuilder.DropTable(
                name: "TeamMember");

            migrationBuilder.DropTable(
                name: "TimetableLease");

            migrationBuilder.DropTable(
                name: "UnsealedFact");

            migrationBuilder.DropTable(
                name: "Watcher");

            migrationBuilder.DropTable(
                name: "WriteKey");

            migrationBuilder.DropTable(
                name: "Tag");

            migrationBuilder.DropTable(
                name: "PeopleImport");

            migrationBuilder.DropTable(
                name: "CaseLetter");

            migrationBuilder.DropTable(
                name: "Organisation");

            migrationBuilder.DropTable(
                name: "Draft");

            migrationBuilder.DropTable(
                name: "Promise");

            migrationBuilder.DropTable(
                name: "OutgoingMail");

            migrationBuilder.DropTable(
                name: "Mailbox");

            migrationBuilder.DropTable(
                name: "Case");

            migrationBuilder.DropTable(
                name: "Brand");

            migrationBuilder.DropTable(
                name: "Customer");

            migrationBuilder.DropTable(
                name: "Team");

            migrationBuilder.DropTable(
                name: "Blob");

            migrationBuilder.DropTable(
                name: "Colleague");

            migrationBuilder.DropTable(
                name: "Role");
        }
    }
}
