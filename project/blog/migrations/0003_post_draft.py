import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_sample_posts")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="draft",
            field=models.TextField(
                blank=True,
                default="",
                help_text="The next text: preview shows it already.",
                validators=[django.core.validators.ProhibitNullCharactersValidator()],
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="post",
            name="published",
            field=models.BooleanField(default=True, help_text="If not, only preview shows it."),
        ),
    ]
