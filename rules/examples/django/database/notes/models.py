from django.db import models


class Note(models.Model):
    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
