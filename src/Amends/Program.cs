using System.CommandLine;
using Amends.Commands;
using Amends.Commands.Demo;

#pragma warning disable RS0030 // The one place that names the system clock.
var clock = TimeProvider.System;
#pragma warning restore RS0030

return await CommandLine.Run(new RootCommand(Words.Program)
{
    ServeCommand.Command(clock),
    DemoCommand.Command(clock),
    ImportCommand.Command(clock),
    BackupCommand.Command(clock),
    RestoreCommand.Command(clock),
    UserCommand.Command(clock),
    KeyCommand.Command(clock),
    DoctorCommand.Command(clock),
}, args);
