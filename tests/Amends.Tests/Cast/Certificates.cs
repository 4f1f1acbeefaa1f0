using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Amends.Tests.Cast;

/// <summary>An authority of our own, and certificates made at run time: good ones, and ones with exactly one fault.</summary>
static class Certificates
{
    static readonly DateTimeOffset Early = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), Late = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly (X509Certificate2 Public, X509Certificate2 Private) Ours = Authority("CN=Amends test authority"), Foreign = Authority("CN=Somebody else");

    /// <summary>Whom a client of the tests trusts.</summary>
    public static X509Certificate2 Root => Ours.Public;

    /// <summary>For localhost and 127.0.0.1, by <see cref="Root"/>.</summary>
    public static X509Certificate2 Good { get; } = Leaf(Ours.Private);

    /// <summary>Ran out in 2021.</summary>
    public static X509Certificate2 Expired { get; } = Leaf(Ours.Private, until: Early.AddYears(1));

    /// <summary>Begins in 2098.</summary>
    public static X509Certificate2 NotYet { get; } = Leaf(Ours.Private, from: Late.AddYears(-1));

    /// <summary>For another host.</summary>
    public static X509Certificate2 OtherName { get; } = Leaf(Ours.Private, name: "mail.example.com");

    /// <summary>For the right host, by an authority that nobody here trusts.</summary>
    public static X509Certificate2 OtherAuthority { get; } = Leaf(Foreign.Private);

    /// <summary>By itself, for the right host.</summary>
    public static X509Certificate2 SelfSigned { get; } = Leaf(null);

    /// <summary>By our authority for clients, not for servers.</summary>
    public static X509Certificate2 ForClients { get; } = Leaf(Ours.Private, use: "1.3.6.1.5.5.7.3.2");

    static (X509Certificate2, X509Certificate2) Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var made = request.CreateSelfSigned(Early, Late);
        return (X509CertificateLoader.LoadCertificate(made.RawData), made);
    }

    static X509Certificate2 Leaf(X509Certificate2? issuer, string name = "localhost", string use = "1.3.6.1.5.5.7.3.1", DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        using var bare = issuer is null ? request.CreateSelfSigned(from ?? Early, until ?? Late) : request.Create(issuer, from ?? Early.AddMonths(1), until ?? Late.AddMonths(-1), RandomNumberGenerator.GetBytes(8));
        using var whole = issuer is null ? X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable) : bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>The certificate and its key as the two files that servers want.</summary>
    public static void Write(X509Certificate2 certificate, string certificateFile, string keyFile)
    {
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
