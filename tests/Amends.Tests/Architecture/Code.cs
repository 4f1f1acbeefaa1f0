using System.Reflection;
using System.Reflection.Emit;

namespace Amends.Tests.Architecture;

/// <summary>One instruction: what it does, and what it names (a member, a type, a string or a whole number).</summary>
readonly record struct Instruction(OpCode Code, object? Operand);

/// <summary>Reads compiled code: which members each method uses, and with which constants.</summary>
static class Code
{
    public const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<MethodBase> Methods(Type type) => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All));

    public static List<Instruction> Read(MethodBase method)
    {
        var list = new List<Instruction>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
            return list;
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var at = 0;
        while (at < il.Length)
        {
            var code = il[at] == 0xFE ? Codes[unchecked((short)(0xFE00 | il[at + 1]))] : Codes[il[at]];
            at += code.Size;
            object? operand = null;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    operand = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                    at += 4;
                    break;
                case OperandType.InlineString:
                    operand = method.Module.ResolveString(BitConverter.ToInt32(il, at));
                    at += 4;
                    break;
                case OperandType.InlineI:
                    operand = BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                case OperandType.ShortInlineI:
                    operand = (int)(sbyte)il[at];
                    at += 1;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(il, at);
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                default:
                    at += 4;
                    break;
            }
            list.Add(new(code, operand));
        }
        return list;
    }

    /// <summary>All types that a type names: in what it is, in its signatures, and in its code.</summary>
    public static HashSet<Type> Uses(Type type)
    {
        var found = new HashSet<Type>();
        void Add(Type? used)
        {
            while (used is { HasElementType: true })
                used = used.GetElementType();
            if (used is null || used.IsGenericParameter)
                return;
            if (used.IsGenericType)
            {
                foreach (var argument in used.GetGenericArguments())
                    if (argument != used)
                        Add(argument);
                used = used.GetGenericTypeDefinition();
            }
            found.Add(used);
        }
        void Member(object? member)
        {
            switch (member)
            {
                case Type one:
                    Add(one);
                    break;
                case FieldInfo field:
                    Add(field.DeclaringType);
                    Add(field.FieldType);
                    break;
                case MethodBase method:
                    Add(method.DeclaringType);
                    Add((method as MethodInfo)?.ReturnType);
                    foreach (var parameter in method.GetParameters())
                        Add(parameter.ParameterType);
                    if (method.IsGenericMethod)
                        foreach (var argument in method.GetGenericArguments())
                            Add(argument);
                    break;
            }
        }
        Add(type.BaseType);
        foreach (var one in type.GetInterfaces())
            Add(one);
        foreach (var attribute in type.GetCustomAttributesData())
            Add(attribute.AttributeType);
        foreach (var field in type.GetFields(All))
            Add(field.FieldType);
        foreach (var method in Methods(type))
        {
            Member(method);
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? [])
                Add(local.LocalType);
            foreach (var instruction in Read(method))
                Member(instruction.Operand);
        }
        return found;
    }

    /// <summary>The method that a person wrote: for the inside of an async method or an iterator, the method it was made from.</summary>
    public static MethodBase Written(MethodBase method)
    {
        // The compiler names them <Name>d__1, <Name>b__2 and <Name>g__Inner|3, inside nested types.
        for (var type = method.DeclaringType; type is not null; type = type.DeclaringType)
            foreach (var name in (ReadOnlySpan<string>)[method.Name, type.Name])
                if (name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end)
                    for (var outer = type; outer is not null; outer = outer.DeclaringType)
                        if (Methods(outer).FirstOrDefault(one => one.Name == name[1..end]) is { } written)
                            return written;
        return method;
    }
}
