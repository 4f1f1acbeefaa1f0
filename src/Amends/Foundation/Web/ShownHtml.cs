using System.Text.Encodings.Web;

namespace Amends.Foundation.Web;

/// <summary>
/// What people wrote as HTML, by the framework's own rules but for one: the control characters U+0080 to U+009F stand as they are. A browser reads a
/// numeric reference to one as a letter of Windows-1252 (HTML Standard, “numeric character reference end state”), and a form would then save that letter.
/// </summary>
sealed unsafe class ShownHtml : HtmlEncoder
{
    static readonly HtmlEncoder Plain = Default;

    static bool IsControl(int scalar) => scalar is >= 0x80 and <= 0x9F;

    public override int MaxOutputCharactersPerInputCharacter => Plain.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => !IsControl(unicodeScalar) && Plain.WillEncode(unicodeScalar);

    // May stop at a control character: it is then written below.
    public override int FindFirstCharacterToEncode(char* text, int textLength) => Plain.FindFirstCharacterToEncode(text, textLength);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (!IsControl(unicodeScalar)) return Plain.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        numberOfCharactersWritten = bufferLength > 0 ? 1 : 0;
        if (bufferLength > 0) *buffer = (char)unicodeScalar;
        return bufferLength > 0;
    }
}
